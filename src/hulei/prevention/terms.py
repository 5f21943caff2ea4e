"""Words of 触法预防 with their labels. Pure."""

from __future__ import annotations

from hulei.common.text import Term
from hulei.people.terms import Compartment


class Register(Term):
    """The four registers of minors."""

    POLICE = "police", "公安登记", "Police register"
    EDUCATION = "education", "教育登记", "Education register"
    CIVIL_AFFAIRS = "civil_affairs", "民政登记", "Civil affairs register"
    GRID = "grid", "网格走访", "Grid visits"


COMPARTMENT_OF = {
    Register.POLICE: Compartment.POLICE,
    Register.EDUCATION: Compartment.EDUCATION,
    Register.CIVIL_AFFAIRS: Compartment.CARE,
    Register.GRID: Compartment.CARE,
}


class Nature(Term):
    """Nature of a police call."""

    CRIMINAL = "criminal", "刑事", "Criminal"
    SECURITY = "security", "治安", "Public security"
    ASSISTANCE = "assistance", "求助", "Assistance"
    DISPUTE = "dispute", "纠纷", "Dispute"
    TRAFFIC = "traffic", "交通", "Traffic"
    REPORT = "report", "举报", "Report"
    OTHER = "other", "其他", "Other"


class MinorRole(Term):
    """What a minor was in a police call. Kept with the call, never carried to a child."""

    ACTOR = "actor", "行为人", "Actor"
    VICTIM = "victim", "侵害对象", "Victim"
    MISSING = "missing", "走失人员", "Missing person"
    OTHER = "other", "其他", "Other"


class ClueSource(Term):
    """Where a clue came from."""

    POLICE = "police", "公安", "Police"
    SCHOOL = "school", "学校", "School"
    GRID_WORKER = "grid_worker", "网格员", "Grid worker"
    CITIZEN = "citizen", "群众", "Citizen"
    VOLUNTEER = "volunteer", "志愿者", "Volunteer"
    YOUTH_LEGAL_OFFICER = "youth_legal_officer", "少年法治员", "Youth legal officer"
    HOTLINE = "hotline", "热线", "Hotline"
    PUBLIC_FORM = "public_form", "网上举报", "Public form"
    OTHER = "other", "其他", "Other"


class ClueState(Term):
    """How far a clue has come."""

    RECEIVED = "received", "已接报", "Received"
    VERIFYING = "verifying", "核查中", "Being verified"
    VERIFIED = "verified", "已核查", "Verified"
    REFUTED = "refuted", "不属实", "Refuted"
    DISPOSED = "disposed", "已处置", "Disposed of"


class Verification(Term):
    """What the education register says of an entry."""

    PENDING = "pending", "待核实", "To be verified"
    VERIFIED = "verified", "已核实", "Verified"
    REFUTED = "refuted", "不属实", "Refuted"


class Circumstance(Term):
    """Kinds of children in the civil affairs register."""

    LEFT_BEHIND = "left_behind", "农村留守儿童", "Left-behind"
    MIGRANT = "migrant", "流动儿童", "Migrant"
    SINGLE_PARENT = "single_parent", "单亲家庭", "Single parent"
    UNATTENDED = "unattended", "事实无人抚养儿童", "De facto unattended"
    HARDSHIP = "hardship", "困境儿童", "Hardship"
    DISABLED = "disabled", "残疾儿童", "Disabled"
    ORPHAN = "orphan", "孤儿", "Orphan"
    SERIOUSLY_ILL = "seriously_ill", "重病儿童", "Seriously ill"
    OTHER = "other", "其他", "Other"


class CareArrangement(Term):
    """Who looks after a child."""

    BOTH_PARENTS_AWAY = "both_parents_away", "父母双方外出", "Both parents away"
    ONE_PARENT_AWAY = "one_parent_away", "父母一方外出", "One parent away"
    GRANDPARENTS = "grandparents", "祖父母照看", "Grandparents"
    RELATIVES = "relatives", "亲属照看", "Relatives"
    PARENTS = "parents", "父母照看", "Parents"
    NOBODY = "nobody", "无人监护", "Nobody"
    OTHER = "other", "其他", "Other"


class Outcome(Term):
    """What a case led to."""

    BACK_TO_SCHOOL = "back_to_school", "回归校园", "Back to school"
    BACK_TO_FAMILY = "back_to_family", "回归家庭", "Back to the family"
    OTHER = "other", "其他", "Other"


class Unproven(Term):
    """What a register entry does not prove. An entry is a claim of its register, not a fact."""

    NOT_VERIFIED = "not_verified", "尚未核实", "Not verified yet"
    NO_SECOND_REVIEWER = (
        "no_second_reviewer",
        "没有与报告人不同的复核人",
        "No reviewer other than the reporter",
    )
    NO_DOCUMENT = "no_document", "没有法律文书号", "No number of a legal document"
    NO_DATE = "no_date", "没有发生日期", "No date"
    NO_AUTHORITY = "no_authority", "没有办案单位", "No deciding unit"
    NO_AGREEMENT = "no_agreement", "没有书面委托照护", "No written entrusted-care agreement"
    STATUS_NOT_COMPUTED = (
        "status_not_computed",
        "类别由登记人填写，尚未按条件核算",
        "Status as entered, not computed",
    )
    OBSERVED_ONCE = "observed_once", "一次走访所见，未经核实", "Seen on one visit, not verified"
