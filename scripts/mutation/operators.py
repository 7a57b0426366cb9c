"""The small faults that can be put into a C++ file, as insertions of text that keep its lines."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator

from clang.cindex import Cursor, CursorKind, Index, TranslationUnit, TypeKind

COMPARISONS = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
SUMS = {"+": "plus", "-": "minus"}
INTEGERS = {
    TypeKind.INT, TypeKind.UINT, TypeKind.LONG, TypeKind.ULONG, TypeKind.LONGLONG, TypeKind.ULONGLONG,
}  # fmt: skip
DROPPED = {
    CursorKind.CALL_EXPR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR, CursorKind.UNARY_OPERATOR,
    CursorKind.BREAK_STMT, CursorKind.CONTINUE_STMT,
}  # fmt: skip
FUNCTIONS = {
    CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD, CursorKind.CONSTRUCTOR, CursorKind.DESTRUCTOR,
    CursorKind.CONVERSION_FUNCTION, CursorKind.FUNCTION_TEMPLATE,
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Wrap:
    """Text around the bytes from `start` to `end`; of those around the same bytes the lowest `rank` is outside."""

    start: int
    end: int
    before: str
    after: str = ""
    rank: int = 0


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One fault; `{n}` in its texts stands for its number. `comma`: where an operator becomes one, and its length."""

    line: int
    what: str
    wraps: tuple[Wrap, ...]
    comma: tuple[int, int] | None = None


class Source:
    """A file as clang understands it."""

    def __init__(self, path: str, arguments: list[str]):
        self.path = path
        self.data = pathlib.Path(path).read_bytes()
        unit = Index.create().parse(path, args=arguments, options=TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        # What only clang 14 finds wrong (a structured binding in a lambda) is no reason not to look.
        errors = [str(one) for one in unit.diagnostics if one.severity >= 4]
        if errors:
            raise SystemExit(f"scripts/mutants: clang cannot read {path}: {errors[0]}")
        self.macros = [
            (one.extent.start.offset, one.extent.end.offset)
            for one in unit.cursor.get_children()
            if one.kind == CursorKind.MACRO_INSTANTIATION and self.is_here(one)
        ]
        self.top = unit.cursor

    def is_here(self, cursor: Cursor) -> bool:
        return cursor.location.file is not None and cursor.location.file.name == self.path

    def text(self, start: int, end: int) -> str:
        return " ".join(self.data[start:end].decode().split())

    def words(self, cursor: Cursor) -> str:
        return self.text(cursor.extent.start.offset, cursor.extent.end.offset)

    def is_plain(self, cursor: Cursor) -> bool:
        """Written out here, and not by a macro."""
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        return start < end and not any(start < stop and begin < end for begin, stop in self.macros)

    def mutants(self) -> Iterator[Mutant]:
        for cursor in self.top.get_children():
            if self.is_here(cursor):
                yield from self._below(cursor, None)

    def _below(self, cursor: Cursor, parent: Cursor | None) -> Iterator[Mutant]:
        if cursor.kind in FUNCTIONS and any(token.spelling == "constexpr" for token in _head(cursor)):
            return
        if self.is_plain(cursor):
            yield from self._of(cursor, parent)
        for child in cursor.get_children():
            yield from self._below(child, cursor)

    def _of(self, cursor: Cursor, parent: Cursor | None) -> Iterator[Mutant]:
        children = list(cursor.get_children())
        if cursor.kind in (CursorKind.IF_STMT, CursorKind.WHILE_STMT, CursorKind.CONDITIONAL_OPERATOR):
            yield from self._condition(cursor, children)
        elif cursor.kind == CursorKind.RETURN_STMT and children and _is_bool(children[0]):
            yield self._negated(children[0], "return ")
        elif cursor.kind == CursorKind.BINARY_OPERATOR and len(children) == 2:
            yield from self._operator(cursor, children)
        elif cursor.kind == CursorKind.CALL_EXPR:
            yield from self._swapped(cursor)
        if parent is not None and parent.kind == CursorKind.COMPOUND_STMT and _is_droppable(cursor, self):
            yield Mutant(
                cursor.location.line,
                f"left out: {self.words(cursor)}",
                (self._around(cursor, "if (!mutants::is_on({n})) ", "", -1),),
            )

    def _condition(self, cursor: Cursor, children: list[Cursor]) -> Iterator[Mutant]:
        # `if (init; condition)` lists the initialization first; a declaration is a condition only by its value.
        conditions = [one for one in children[:2] if _is_bool(one)] if children else []
        if conditions and self.is_plain(conditions[0]):
            yield self._negated(conditions[0], "if ")

    def _negated(self, cursor: Cursor, word: str) -> Mutant:
        return Mutant(
            cursor.location.line,
            f"{word}not ({self.words(cursor)})",
            (self._around(cursor, "(mutants::is_on({n}) != static_cast<bool>(", "))"),),
        )

    @staticmethod
    def _around(cursor: Cursor, before: str, after: str, rank: int = 0) -> Wrap:
        return Wrap(cursor.extent.start.offset, cursor.extent.end.offset, before, after, rank)

    def _operator(self, cursor: Cursor, children: list[Cursor]) -> Iterator[Mutant]:
        left, right = children
        between = self.text(left.extent.end.offset, right.extent.start.offset)
        words = f"{self.words(left)} {between} {self.words(right)}"
        if between in ("&&", "||") and all(self.is_plain(one) for one in children):
            neutral = "mutants::is_on({n}) || " if between == "&&" else "!mutants::is_on({n}) && "
            for side in children:
                yield Mutant(
                    side.location.line,
                    f"without ({self.words(side)}) in: {words}",
                    (self._around(side, f"({neutral}static_cast<bool>(", "))"),),
                )
            return
        function = COMPARISONS.get(between) or SUMS.get(between)
        is_sum = between in SUMS
        if function is None or (is_sum and cursor.type.get_canonical().kind not in INTEGERS):
            return
        at = self.data.index(between.encode(), left.extent.end.offset)
        changed = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "+": "-", "-": "+"}[between]
        yield Mutant(
            cursor.location.line,
            f"{self.words(left)} {changed} {self.words(right)}",
            (self._around(cursor, f"mutants::{function}({{n}}U, ", ")", 1),),
            (at, len(between)),
        )

    def _swapped(self, cursor: Cursor) -> Iterator[Mutant]:
        arguments = list(cursor.get_arguments())
        for first, second in zip(arguments, arguments[1:], strict=False):
            if not (_is_name(first) and _is_name(second)):
                continue
            if first.type.spelling != second.type.spelling or self.words(first) == self.words(second):
                continue
            one, other = self.words(first), self.words(second)
            yield Mutant(
                cursor.location.line,
                f"swapped {one}, {other} in: {self.words(cursor)[:80]}",
                (
                    self._around(first, "mutants::chosen({n}U, ", f", {other})"),
                    self._around(second, "mutants::chosen({n}U, ", f", {one})"),
                ),
            )


def _head(function: Cursor) -> list:
    """The tokens before the body."""
    tokens = []
    for token in function.get_tokens():
        if token.spelling == "{":
            break
        tokens.append(token)
    return tokens


def _is_bool(cursor: Cursor) -> bool:
    return cursor.kind.is_expression() and cursor.type.get_canonical().kind == TypeKind.BOOL


def _is_name(cursor: Cursor) -> bool:
    while cursor.kind == CursorKind.UNEXPOSED_EXPR:
        inner = list(cursor.get_children())
        if len(inner) != 1:
            return False
        cursor = inner[0]
    return cursor.kind in (CursorKind.DECL_REF_EXPR, CursorKind.MEMBER_REF_EXPR)


def _is_droppable(cursor: Cursor, source: Source) -> bool:
    if cursor.kind == CursorKind.BINARY_OPERATOR:  # an assignment of a scalar
        return " = " in source.words(cursor)
    if cursor.kind == CursorKind.UNEXPOSED_EXPR:  # a call whose temporaries end with it
        return any(child.kind == CursorKind.CALL_EXPR for child in cursor.get_children())
    return cursor.kind in DROPPED


def apply(data: bytes, numbered: list[tuple[int, Mutant]]) -> bytes:
    """`data` with the faults in it, each behind its number."""
    pieces = []  # (offset, key, replaced bytes, text): what ends at an offset comes before what begins there
    for number, mutant in numbered:
        for wrap in mutant.wraps:
            span = wrap.end - wrap.start
            pieces.append((wrap.start, (1, -span, wrap.rank, number), 0, wrap.before.replace("{n}", str(number))))
            pieces.append((wrap.end, (0, span, -wrap.rank, -number), 0, wrap.after.replace("{n}", str(number))))
        if mutant.comma is not None:
            pieces.append((mutant.comma[0], (2, 0, 0, 0), mutant.comma[1], ","))
    result = bytearray()
    position = 0
    for offset, _, replaced, text in sorted(pieces):
        result += data[position:offset]
        result += text.encode()
        position = offset + replaced
    return bytes(result + data[position:])
