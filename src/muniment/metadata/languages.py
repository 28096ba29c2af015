"""Languages: ISO 639-2 bibliographic codes, and the shape of the codes beside them (BCP 47)."""

from __future__ import annotations

import re

# ISO 639-2/B, with the collective codes; qaa to qtz are for local use.
_CODES = """
aar abk ace ach ada ady afa afh afr ain aka akk alb ale alg alt amh ang anp apa ara arc arg arm
arn arp art arw asm ast ath aus ava ave awa aym aze bad bai bak bal bam ban baq bas bat bej bel
bem ben ber bho bih bik bin bis bla bnt bos bra bre btk bua bug bul bur byn cad cai car cat cau
ceb cel cha chb che chg chi chk chm chn cho chp chr chu chv chy cmc cnr cop cor cos cpe cpf cpp
cre crh crp csb cus cze dak dan dar day del den dgr din div doi dra dsb dua dum dut dyu dzo efi
egy eka elx eng enm epo est ewe ewo fan fao fat fij fil fin fiu fon fre frm fro frr frs fry ful
fur gaa gay gba gem geo ger gez gil gla gle glg glv gmh goh gon gor got grb grc gre grn gsw guj
gwi hai hat hau haw heb her hil him hin hit hmn hmo hrv hsb hun hup iba ibo ice ido iii ijo iku
ile ilo ina inc ind ine inh ipk ira iro ita jav jbo jpn jpr jrb kaa kab kac kal kam kan kar kas
kau kaw kaz kbd kha khi khm kho kik kin kir kmb kok kom kon kor kos kpe krc krl kro kru kua kum
kur kut lad lah lam lao lat lav lez lim lin lit lol loz ltz lua lub lug lui lun luo lus mac mad
mag mah mai mak mal man mao map mar mas may mdf mdr men mga mic min mis mkh mlg mlt mnc mni mno
moh mon mos mul mun mus mwl mwr myn myv nah nai nap nau nav nbl nde ndo nds nep new nia nic niu
nno nob nog non nor nqo nso nub nwc nya nym nyn nyo nzi oci oji ori orm osa oss ota oto paa pag
pal pam pan pap pau peo per phi phn pli pol pon por pra pro pus que raj rap rar roa roh rom rum
run rup rus sad sag sah sai sal sam san sas sat scn sco sel sem sga sgn shn sid sin sio sit sla
slo slv sma sme smi smj smn smo sms sna snd snk sog som son sot spa srd srn srp srr ssa ssw suk
sun sus sux swa swe syc syr tah tai tam tat tel tem ter tet tgk tgl tha tib tig tir tiv tkl tlh
tli tmh tog ton tpi tsi tsn tso tuk tum tup tur tut tvl twi tyv udm uga uig ukr umb und urd uzb
vai ven vie vol vot wak wal war was wel wen wln wol xal xho yao yap yid yor ypk zap zbl zen zgh
zha znd zul zun zxx zza
"""
ISO639_2B = frozenset(_CODES.split())
_LOCAL = re.compile(r"q[a-t][a-z]")
# RFC 5646 section 2.1, without reserved and irregular tags; all of them are xs:language too.
_TAG = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE,
)
_TWO_OR_THREE = re.compile(r"[a-z]{2,3}")


def is_language_tag(text: str) -> bool:
    """Whether the text has the form of a BCP 47 tag (RFC 5646 section 2.1): `en`, `zh-Hant`."""
    return _TAG.fullmatch(text) is not None


def is_language_code(text: str) -> bool:
    """Whether the text has the form of an ISO 639 code in lower case, or of a longer tag."""
    return _TWO_OR_THREE.fullmatch(text) is not None or ("-" in text and is_language_tag(text))


def is_local_code(code: str) -> bool:
    """Whether a code is one of qaa to qtz, which ISO 639-2 leaves to local use."""
    return _LOCAL.fullmatch(code) is not None


def authority_of(code: str) -> str:
    """MODS's name for the list that a code is from: iso639-2b before iso639-3 before rfc5646."""
    if code in ISO639_2B or is_local_code(code):
        return "iso639-2b"
    return "iso639-3" if len(code) == 3 else "rfc5646"  # noqa: PLR2004 - ISO 639-3 has three
