"""Who decides, kinds of norms and of duties, with their labels. Pure."""

from __future__ import annotations

from hulei.common.text import Term, Text


class Decider(Term):
    """A body (or person) that the law lets decide a measure or burdens with a duty."""

    GUARDIAN = "guardian", "监护人", "Guardian"
    SCHOOL = "school", "学校、幼儿园", "School or kindergarten"
    POLICE = "police", "公安机关", "Police"
    EDUCATION = "education", "教育行政部门", "Education authority"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门", "Civil affairs"
    PROCURATORATE = "procuratorate", "人民检察院", "Procuratorate"
    SUPREME_PROCURATORATE = "supreme_procuratorate", "最高人民检察院", "Supreme People's Procuratorate"
    COURT = "court", "人民法院", "Court"
    VILLAGE_COMMITTEE = "village_committee", "居（村）民委员会", "Village or residents' committee"
    WOMENS_FEDERATION = "womens_federation", "妇女联合会", "Women's federation"
    EMPLOYER = "employer", "用人单位", "Employer"
    SPECIALIZED_SCHOOL = "specialized_school", "专门学校", "Specialised school"
    SPECIAL_EDUCATION_COMMITTEE = (
        "special_education_committee",
        "专门教育指导委员会",
        "Specialised-education committee",
    )
    LEGAL_VICE_PRINCIPAL = "legal_vice_principal", "法治副校长", "Legal vice-principal"
    SOCIAL_WORKER = "social_worker", "社会工作者", "Social worker"
    HOTEL = "hotel", "住宿经营者", "Hotel"
    ANY_DUTY_BEARER = "any_duty_bearer", "负有义务的单位和人员", "Whoever bears the duty"


class LawKind(Term):
    """Rank of a norm."""

    STATUTE = "statute", "法律", "Statute"
    REGULATION = "regulation", "行政法规", "Administrative regulation"
    INTERPRETATION = "interpretation", "司法解释", "Judicial interpretation"
    RULE = "rule", "部门规章", "Departmental rule"
    POLICY = "policy", "规范性文件", "Policy document"
    STANDARD = "standard", "国家标准", "National standard"
    PRACTICE = "practice", "工作机制", "Working practice"
    UNKNOWN = "unknown", "待查", "To be confirmed"


class LawStatus(Term):
    """Whether the text in the catalogue is the one in force."""

    CURRENT = "current", "现行有效", "In force"
    NEEDS_REVIEW = "needs_review", "须复核", "Needs review"
    LOCAL_ONLY = "local_only", "仅地方口径", "Local practice only"
    UNKNOWN = "unknown", "未查到", "Unknown"
    REPEALED = "repealed", "已废止", "Repealed"


class Verified(Term):
    """How far somebody has read the source of a law."""

    YES = "yes", "已核对", "Verified"
    PARTLY = "partly", "部分核对", "Partly verified"
    NO = "no", "未核实", "Not verified"


class LimitKind(Term):
    """How a duty is limited in time (see ``catalogue/duties.yaml``)."""

    IMMEDIATE = "immediate", "立即", "At once"
    PROMPTLY = "promptly", "及时", "Promptly"
    DAYS = "days", "日", "Days"
    WORKING_DAYS = "working_days", "工作日", "Working days"
    MONTHS = "months", "个月", "Months"
    BEFORE = "before", "事前", "Before the event"
    RECURRING = "recurring", "定期", "Recurring"
    SPAN = "span", "期间", "Span"
    RETAIN = "retain", "保存期限", "Retention"


class Sealed(Term):
    """Whether a kind of record is sealed."""

    YES = "yes", "封存", "Sealed"
    NO = "no", "不封存", "Not sealed"
    BY_CHOICE = "by_choice", "从严按封存管理", "Treated as sealed by choice"


class ConstraintKind(Term):
    """Whether a demand on the software is law or our reading of it."""

    LAW = "law", "法律要求", "Law"
    DESIGN = "design", "设计选择", "Design choice"
    LAW_AND_DESIGN = "law_and_design", "法律与设计", "Law and design"


class ItemCategory(Term):
    """Head of an item's category; the part after the dot stays as data."""

    BAD_BEHAVIOR = "bad_behavior", "不良行为", "Misbehaviour"
    SERIOUS_BAD_BEHAVIOR = "serious_bad_behavior", "严重不良行为", "Serious misbehaviour"
    SCHOOL_MEASURE = "school_measure", "学校管理教育措施", "School measures"
    POLICE_MEASURE = "police_measure", "公安矫治教育措施", "Police measures"
    SPECIAL_EDUCATION = "special_education", "专门教育", "Specialised education"
    SPECIAL_CORRECTION = "special_correction", "专门矫治教育", "Correctional education"
    RESPONSE = "response", "发现后的处置义务", "Duties on discovery"
    REOFFENCE_PREVENTION = "reoffence_prevention", "重新犯罪预防", "Prevention of reoffending"
    RECORD_SEALING = "record_sealing", "记录封存", "Sealing"
    CONFIDENTIALITY = "confidentiality", "身份信息保密", "Confidentiality"
    MANDATORY_REPORT = "mandatory_report", "强制报告", "Mandatory report"
    BULLYING = "bullying", "学生欺凌", "Bullying"
    SEXUAL_ABUSE = "sexual_abuse", "性侵害、性骚扰防治", "Sexual abuse"
    ENTRY_CHECK = "entry_check", "入职查询", "Vetting"
    ENTRUSTED_CARE = "entrusted_care", "委托照护", "Entrusted care"
    GUARDIANSHIP = "guardianship", "监护", "Guardianship"
    HARDSHIP = "hardship", "困境保障", "Hardship"
    GUARDIAN_ACCOUNTABILITY = "guardian_accountability", "监护人责任", "Guardian's accountability"
    GOVERNANCE = "governance", "协调机制", "Coordination"
    DUTY = "duty", "一般义务", "General duties"
    JUDICIAL_PROCEDURE = "judicial_procedure", "办案特别程序", "Judicial procedure"
    CONDITIONAL_NON_PROSECUTION = "conditional_non_prosecution", "附条件不起诉", "Conditional non-prosecution"
    AGE_RULE = "age_rule", "年龄规则", "Age rules"
    CRIMINAL_AGE = "criminal_age", "刑事责任年龄", "Age of criminal responsibility"
    DETENTION_RULE = "detention_rule", "行政拘留规则", "Detention"
    OFFENCE_AGAINST_MINOR = "offence_against_minor", "侵害未成年人的违法行为", "Offences against minors"
    PERSONAL_INFORMATION = "pi", "个人信息", "Personal information"
    VIDEO = "video", "公共安全视频", "Public-security video"
    CAMPUS_SAFETY = "campus_safety", "校园安全", "Campus safety"
    CAMPUS_PERIPHERY = "campus_periphery", "校园周边", "Around the campus"
    HOTEL = "hotel", "住宿经营者", "Hotels"
    LEGAL_VICE_PRINCIPAL = "legal_vice_principal", "法治副校长", "Legal vice-principals"
    POPULATION_DEFINITION = "population_definition", "人群口径", "Definitions of groups"
    STATISTICS = "statistics", "统计", "Statistics"
    NON_DISCRIMINATION = "non_discrimination", "不得歧视", "Non-discrimination"
    REMEDY = "remedy", "复议与诉讼", "Remedies"
    SUPERVISION = "supervision", "检察监督", "Supervision"
    LIABILITY = "liability", "法律责任", "Liability"
    PRINCIPLE = "principle", "原则", "Principles"
    DEFINITION = "definition", "定义", "Definitions"
    PROHIBITION = "prohibition", "禁止性规定", "Prohibitions"
    PROCEDURE = "procedure", "程序", "Procedure"


NO_BASIS_THEN = Text("目录中没有该日施行的依据", "The catalogue holds no basis in force on that day")
