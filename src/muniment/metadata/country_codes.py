"""Codes of countries: ISO 3166 and the Library of Congress's list for MARC; geographic areas."""

from __future__ import annotations

import re

# ISO 3166-1: the code of two letters and that of three, together: `DEDEU`.
_CURRENT = """
ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE
BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS
BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN
COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST
EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF
GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD
HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM
JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA
LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD
MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM
NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG
PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA
SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD
STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON
TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR
VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE
"""
_NUMERIC = """
004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074
076 084 086 090 092 096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170
174 175 178 180 184 188 191 192 196 203 204 208 212 214 218 222 226 231 232 233 234 238 239 242
246 248 250 254 258 260 262 266 268 270 275 276 288 292 296 300 304 308 312 316 320 324 328 332
334 336 340 344 348 352 356 360 364 368 372 376 380 384 388 392 398 400 404 408 410 414 417 418
422 426 428 430 434 438 440 442 446 450 454 458 462 466 470 474 478 480 484 492 496 498 499 500
504 508 512 516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584
585 586 591 598 600 604 608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 660 662 663
666 670 674 678 682 686 688 690 694 702 703 704 705 706 710 716 724 728 729 732 740 744 748 752
756 760 762 764 768 772 776 780 784 788 792 795 796 798 800 804 807 818 826 831 832 833 834 840
850 854 858 860 862 876 882 887 894
"""
# Withdrawn (ISO 3166-3), or reserved for use outside the standard: EU, UK.
_FORMER = """
AN BU CS CT DD DY EU FQ FX HV JT MI NH NQ NT PC PU PZ RH SU TP UK VD WK YD YU ZR AFI ANT ATB ATN
BUR BYS CSK CTE DDR DHY FXX GEL HVO JTN MID NHB NTZ PCI PCZ PUS RHO SCG SKM SUN TMP VDR WAK YMD
YUG ZAR
"""
_MARC_CURRENT = """
aa abc aca ae af ag ai aj aku alu am an ao aq aru as at au aw ay azu ba bb bcc bd be bf bg bh bi
bl bm bn bo bp br bs bt bu bv bw bx ca cau cb cc cd ce cf cg ch ci cj ck cl cm co cou cq cr ctu
cu cv cw cx cy dcu deu dk dm dq dr ea ec eg em enk er es et fa fg fi fj fk flu fm fp fr fs ft
gau gb gd gg gh gi gl gm go gp gr gs gt gu gv gw gy gz hiu hm ho ht hu iau ic idu ie ii ilu im
inu io iq ir is it iv iy ja je ji jm jo ke kg kn ko ksu ku kv kyu kz lau lb le lh li lo ls lu lv
ly mau mbc mc mdu meu mf mg miu mj mk ml mm mnu mo mou mp mq mr msu mtu mu mv mw mx my mz nbu
ncu ndu ne nfc ng nhu nik nju nkc nl nmu nn no np nq nr nsc ntc nu nuc nvu nw nx nyu nz ohu oku
onc oru ot pau pc pe pf pg ph pic pk pl pn po pp pr pw py qa qea quc rb re rh riu rm ru rw sa sc
scu sd sdu se sf sg sh si sj sl sm sn snc so sp sq sr ss st stk su sw sx sy sz ta tc tg th ti tk
tl tma tnu to tr ts tu tv txu tz ua ug un up utu uv uy uz vau vb vc ve vi vm vp vra vtu wau wea
wf wiu wj wk wlk ws wvu wyu xa xb xc xd xe xf xga xh xj xk xl xm xn xna xo xoa xp xr xra xs xv
xx xxc xxk xxu ye ykc za
"""
_MARC_FORMER = """
ac air ajr bwr cn cp cs cz err ge gn gsr hk iu iw jn kgr kzr lir ln lvr mh mvr na nm pt rur ry
sb sk sv tar tkr tt uc ui uik uk unr ur us uzr vn vs wb xi xxr ys yu
"""
_ISO_CURRENT = frozenset(_NUMERIC.split()).union(
    *((pair[:2], pair[2:]) for pair in _CURRENT.split())
)
_ALPHA_2 = frozenset(pair[:2] for pair in _CURRENT.split())
_ISO_FORMER = frozenset(_FORMER.split())
_MARC = frozenset(_MARC_CURRENT.split())
_MARC_PAST = frozenset(_MARC_FORMER.split())
_UN_AREA = re.compile(r"[0-9]{3}")
_SUBDIVISION = re.compile(r"(?P<country>[A-Z]{2})-[A-Z0-9]{1,3}")
_GEOGRAPHIC_AREA = re.compile(r"(?=.{1,7}$)[a-z]{1,3}(?:-[a-z]{1,2}){0,2}-{0,6}")


def is_iso_country(code: str) -> bool:
    """Whether a code is in ISO 3166-1, or begins as one of ISO 3166-2 does."""
    parts = _SUBDIVISION.fullmatch(code)
    return (parts["country"] if parts else code) in _ISO_CURRENT


def is_former_iso_country(code: str) -> bool:
    """Whether a code was withdrawn from ISO 3166-1, or is reserved for use outside it."""
    return code in _ISO_FORMER


def is_region(subtag: str) -> bool:
    """Whether a subtag of BCP 47 may be a region: ISO 3166-1 alpha-2, or a UN area of digits."""
    code = subtag.upper()
    return code in _ALPHA_2 or code in _ISO_FORMER or _UN_AREA.fullmatch(code) is not None


def is_marc_country(code: str) -> bool:
    """Whether a code is in the MARC code list for countries."""
    return code in _MARC


def is_former_marc_country(code: str) -> bool:
    """Whether a code is in the MARC code list for countries, but is used no more."""
    return code in _MARC_PAST


def is_geographic_area(code: str) -> bool:
    """Whether a code has the form of the MARC list of geographic areas: `e-uk---`, `n-us-ca`."""
    return _GEOGRAPHIC_AREA.fullmatch(code) is not None
