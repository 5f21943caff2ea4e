"""Levels of areas, kinds of agencies, stages of schools. Pure."""

from hulei.common.text import Term


class AreaLevel(Term):
    """Levels of the area tree, from the top."""

    PROVINCE = "province", "省（自治区、直辖市）", "Province"
    CITY = "city", "市", "City"
    DISTRICT = "district", "区（县）", "District"
    TOWN = "town", "镇（乡、街道）", "Town"
    VILLAGE = "village", "村（社区）", "Village"


class AgencyKind(Term):
    """What an agency belongs to."""

    POLICE = "police", "公安", "Police"
    EDUCATION = "education", "教育", "Education"
    CIVIL_AFFAIRS = "civil_affairs", "民政", "Civil affairs"
    PROCURATORATE = "procuratorate", "检察", "Procuratorate"
    COURT = "court", "法院", "Court"
    JUSTICE = "justice", "司法", "Justice"
    MASS_ORGANISATION = "mass_organisation", "群团", "Mass organisation"
    HEALTH = "health", "卫健", "Health"
    TOWN = "town", "乡镇（街道）", "Town government"
    OTHER = "other", "其他", "Other"


class AgencyUnit(Term):
    """Where an agency stands in the unit tree."""

    BUREAU = "bureau", "公安分（县）局", "Police bureau"
    STATION = "station", "派出所", "Police station"
    PARTNER = "partner", "成员单位", "Partner agency"


class SchoolStage(Term):
    """Stages of schooling."""

    KINDERGARTEN = "kindergarten", "幼儿园", "Kindergarten"
    PRIMARY = "primary", "小学", "Primary school"
    JUNIOR = "junior", "初中", "Junior secondary"
    SENIOR = "senior", "高中", "Senior secondary"
    COMPLETE_SECONDARY = "complete_secondary", "完全中学", "Complete secondary"
    NINE_YEAR = "nine_year", "九年一贯制", "Nine-year school"
    TWELVE_YEAR = "twelve_year", "十二年一贯制", "Twelve-year school"
    VOCATIONAL = "vocational", "中职", "Vocational school"
    SPECIAL = "special", "特殊教育", "Special education"
    SPECIALIZED = "specialized", "专门学校", "Specialised school"
    OTHER = "other", "其他", "Other"
