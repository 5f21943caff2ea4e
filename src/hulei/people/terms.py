"""Words about children and their families with their labels. Pure."""

from __future__ import annotations

from hulei.common.text import Term


class Sex(Term):
    """As the registers write it."""

    MALE = "male", "男", "Male"
    FEMALE = "female", "女", "Female"


class Compartment(Term):
    """Through whose registers a child is known. What stands in one is not shown in another.

    Police is never marked on the child itself: a partner must not be able to tell a child whom the
    police know from one whom they do not.
    """

    POLICE = "police", "公安", "Police"
    EDUCATION = "education", "教育", "Education"
    CARE = "care", "民政与网格", "Civil affairs and grids"


class Relation(Term):
    """What a guardian is to the child; registers seldom say."""

    FATHER = "father", "父亲", "Father"
    MOTHER = "mother", "母亲", "Mother"
    GRANDPARENT = "grandparent", "祖父母或外祖父母", "Grandparent"
    RELATIVE = "relative", "其他亲属", "Other relative"
    ORGANISATION = "organisation", "组织或机构", "Organisation"
    UNKNOWN = "unknown", "未登记", "Not recorded"


class Missing(Term):
    """What a child's file still lacks."""

    NATIONAL_ID = "national_id", "身份证号", "National id"
    CERTAIN_ID = "certain_id", "身份证号待核对", "National id to be checked"
    BIRTH_DATE = "birth_date", "出生日期", "Birth date"
    GUARDIAN = "guardian", "监护人", "Guardian"
    PHONE = "phone", "监护人电话", "Guardian's phone"
    VILLAGE = "village", "居住村（社区）", "Village of residence"
    SCHOOL = "school", "就读学校", "School"
