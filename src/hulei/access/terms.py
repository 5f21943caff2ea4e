"""Roles: what kind of user somebody is when wearing a hat."""

from hulei.common.text import Term


class Role(Term):
    """The kinds of user. A person may hold several grants and wears one at a time."""

    BUREAU_LEADER = "bureau_leader", "分局领导", "Bureau leader"
    BUREAU_OFFICE = "bureau_office", "分局未保办内勤", "Bureau office"
    STATION_OFFICER = "station_officer", "派出所未保民警", "Station officer"
    LEGAL_VICE_PRINCIPAL = "legal_vice_principal", "法治副校长", "Legal vice-principal"
    EDUCATION_OFFICER = "education_officer", "教育局", "Education office"
    CIVIL_AFFAIRS_OFFICER = "civil_affairs_officer", "民政局", "Civil affairs office"
    SCHOOL_SAFETY = "school_safety", "学校安全副校长", "School safety head"
    GRID_WORKER = "grid_worker", "网格员", "Grid worker"
    CHILD_DIRECTOR = "child_director", "儿童主任", "Village child director"
    SOCIAL_WORKER = "social_worker", "社工", "Social worker"
    PROSECUTOR = "prosecutor", "检察官", "Prosecutor"
    SYSTEM_ADMIN = "system_admin", "系统管理员", "System administrator"
    SECURITY_ADMIN = "security_admin", "安全管理员", "Security administrator"
    AUDITOR = "auditor", "审计员", "Auditor"
    OPERATOR = "operator", "命令行操作员", "Command-line operator"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
