"""What APTrust asks of deposits and no profile document can say: its own tag file, and names."""

from __future__ import annotations

import re

from muniment.bags.baginfo import BagInfo, read_bag_info
from muniment.bags.encodings import UTF_8
from muniment.bags.profile import FieldRule
from muniment.bags.profile_fields import FieldJudge
from muniment.bags.profile_telling import Teller, short
from muniment.bags.profile_view import BagView
from muniment.bags.tagtext import TagText
from muniment.model.findings import Finding
from muniment.model.rules import profile as rules
from muniment.storage.containers import ProblemKind

INFO_PATH = "aptrust-info.txt"
_ACCESS = ("Consortia", "Institution", "Restricted")
# Those of profile 2.2, and what APTrust has offered since.
_STORAGE = (
    "Standard",
    "Glacier-OH",
    "Glacier-OR",
    "Glacier-VA",
    "Glacier-Deep-OH",
    "Glacier-Deep-OR",
    "Glacier-Deep-VA",
    "Wasabi-TX",
    "Wasabi-VA",
)
_REQUIRED = (
    FieldRule(label="Title", required=True, repeatable=False),
    FieldRule(label="Access", required=True, repeatable=False, values=_ACCESS),
    FieldRule(label="Storage-Option", required=True, repeatable=False),
)
_NOT_ONE_FOLDER = frozenset(
    {ProblemKind.NO_TOP_FOLDER, ProblemKind.NAME_DIFFERS, ProblemKind.OUTSIDE_TOP_FOLDER}
)
_LONGEST_NAME = 255
_BAD_NAME = re.compile(r"(?:^|/)-|[\n\r\t\v\a]|[^/]{256}")


def judge_for_aptrust(bag: BagView, teller: Teller) -> None:
    """`aptrust-info.txt`, the folder in the tar, and every name."""
    if INFO_PATH in bag.tag_files:
        _judge_info(bag, teller)
    for problem in bag.problems:
        if problem.kind in _NOT_ONE_FOLDER:
            where = "the archive" if problem.path is None else repr(problem.path)
            message = f"{where}: {problem.detail}; all must lie in one folder named {bag.name}"
            teller.tell(rules.APTRUST_TOP_FOLDER, "Serialization", message, path=problem.path)
    if bag.name.startswith("-"):
        message = f"the bag is named {bag.name!r}; a name must not begin with `-`"
        teller.tell(rules.APTRUST_NAME, "names", message, actual=bag.name)
    for path in bag.paths:
        if _BAD_NAME.search(path):
            _tell_of_name(path, teller)


def _judge_info(bag: BagView, teller: Teller) -> None:
    try:
        with bag.open(INFO_PATH) as stream:
            text = TagText(path=INFO_PATH, encoding=UTF_8, report=_untold)
            fields = read_bag_info(text, stream, strict=False).fields
    except OSError as error:
        teller.leave_open(f"{INFO_PATH} could not be read: {error.strerror or error}")
        return
    info = BagInfo(fields=fields, path=INFO_PATH)
    FieldJudge(
        teller=teller,
        info=info,
        key=INFO_PATH,
        missing=rules.APTRUST_LABEL_MISSING,
        value=rules.APTRUST_VALUE,
        repeated=rules.APTRUST_LABEL_REPEATED,
    ).judge(_REQUIRED)
    for field in info.named("Storage-Option"):
        if field.value and field.value not in _STORAGE:
            value = short(field.value)
            message = f"Storage-Option is {value!r}; known are {', '.join(_STORAGE)}"
            teller.tell(
                rules.APTRUST_STORAGE_UNKNOWN,
                f"{INFO_PATH}/Storage-Option",
                message,
                path=INFO_PATH,
                line=field.line,
                expected=list(_STORAGE),
                actual=value,
            )


def _untold(_: Finding) -> None:
    """What is wrong with a line shows in the label that is then missing."""


def _tell_of_name(path: str, teller: Teller) -> None:
    names = path.split("/")
    if any(name.startswith("-") for name in names):
        why = "a name must not begin with `-`"
    elif any(len(name) > _LONGEST_NAME for name in names):
        why = f"a name must not be longer than {_LONGEST_NAME} characters"
    else:
        why = "a name must not hold line ends, tabs or bells"
    teller.tell(rules.APTRUST_NAME, "names", f"{path!r}: {why}", path=path, actual=path)
