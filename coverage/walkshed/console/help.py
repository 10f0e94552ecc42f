"""The command line in the reader's language: its help, and what it says of wrong usage."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from walkshed.console.language import OPTION, asked_language, language_of_locale
from walkshed.model.labels import LANGUAGES, Label
from walkshed.model.messages import Message
from walkshed.words.messages.heard import OF_USAGE, heard
from walkshed.words.messages.saying import said

#: Whatever the library finds wrong with arguments; it exports only this leaf of the family.
_UsageError: Final[Any] = typer.BadParameter.__mro__[1]
_USAGE = Label("用法：", "Usage: ")
_PIECES = (
    Label("[选项]", "[OPTIONS]"),
    Label("命令 [参数]", "COMMAND [ARGS]"),
)
_ARGUMENTS = Label("参数", "Arguments")
_OPTIONS = Label("选项", "Options")
_COMMANDS = Label("命令", "Commands")
_TRY = Label("查看帮助：{command} --help", "Try '{command} --help' for help.")
_ERROR = Label("错误：{words}", "Error: {words}")
#: What the library writes behind an option's help.
_BEHIND = (
    (re.compile(r"\bdefault: "), Label("默认 ", "default: ")),
    (re.compile(r"\benv var: "), Label("环境变量 ", "env var: ")),
    (re.compile(r"\brequired\b"), Label("必填", "required")),
)
#: Chinese characters are two columns wide: so many characters fill a line.
_WIDTH = Label("64", "100")


@dataclass(frozen=True, slots=True)
class Session:
    """What was asked of all verbs: a language (None: the study's, else the locale's), and tracebacks."""

    language: str | None = None
    debug: bool = False


def session_of(context: Any) -> Session:  # noqa: ANN401 (the library hides the class)
    """Return what was asked of all verbs."""
    session = context.find_root().obj
    return session if isinstance(session, Session) else Session()


def _language(context: Any) -> str:  # noqa: ANN401
    return session_of(context).language or language_of_locale()


class Verb(TyperCommand):
    """A verb whose help is in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write usage, what the verb does, its arguments and its options."""
        _write_help(self, ctx, formatter)

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401
        """Return the line that tells how the verb is used."""
        return _usage(self, ctx)


class Verbs(TyperGroup):
    """The verbs together; ``--lang`` may stand before the verb or behind it."""

    def main(  # type: ignore[override]  # further arguments are handed on by their names
        self,
        args: Sequence[str] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> NoReturn:
        """Run a verb; wrong usage is said in the reader's language and ends with exit code 2."""
        given = sys.argv[1:] if args is None else list(args)
        language, rest = asked_language(given)
        if language is not None and language not in LANGUAGES:
            _complain_of(OPTION, language)
            sys.exit(_UsageError.exit_code)

        options |= {"standalone_mode": False, "obj": Session(language)}
        try:
            code = super().main(args=rest, **options)
        except _UsageError as error:
            if not rest:  # the library's way to answer with the help
                typer.echo(error.format_message(), err=True)
                sys.exit(error.exit_code)
            typer.echo(_usage_lines(error, language or language_of_locale()), err=True)
            code = error.exit_code
        except typer.Abort:
            code = 1
        sys.exit(code or 0)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write usage, what the program is for, its options and its verbs."""
        _write_help(self, ctx, formatter)
        language = _language(ctx)
        verbs = [
            (name, said(_first_line(command.help or ""), language))
            for name, command in self.commands.items()
        ]
        with formatter.section(_COMMANDS.in_(language)):
            formatter.write_dl(verbs)

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401
        """Return the line that tells how the program is used."""
        return _usage(self, ctx)


def _write_help(command: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
    """Write how a command is used, what it does, and its parameters."""
    language = _language(ctx)
    formatter.width = int(_WIDTH.in_(language))
    _write_usage(command, ctx, formatter)
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(_paragraphs(command.help or "", language))

    # arguments first, then options
    records: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None:
            own = getattr(param, "help", None) or ""
            words = _words(own, language) + _behind(record[1].removeprefix(own), language)
            records[param.param_type_name == "argument"].append((record[0], words))
    for is_argument, title in ((True, _ARGUMENTS), (False, _OPTIONS)):
        if records[is_argument]:
            with formatter.section(title.in_(language)):
                formatter.write_dl(records[is_argument])


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
    """Write the line that tells how a command is used."""
    language = _language(ctx)
    pieces = " ".join(command.collect_usage_pieces(ctx))
    for piece in _PIECES:
        pieces = pieces.replace(piece.en, piece.in_(language))
    formatter.write_usage(ctx.command_path, pieces, prefix=_USAGE.in_(language))


def _usage(command: Any, ctx: Any) -> str:  # noqa: ANN401
    """Return the line that tells how a command is used."""
    formatter = ctx.make_formatter()
    _write_usage(command, ctx, formatter)
    return str(formatter.getvalue()).rstrip("\n")


def _words(text: str, language: str) -> str:
    """Return the help of a parameter in a language; a list of names and what they mean, part by part."""
    whole = heard(text, OF_USAGE, language) or said(text, language)
    if whole != text or ": " not in text:
        return whole
    parts = (part.partition(": ") for part in text.split("; "))
    return "; ".join(f"{name}{mark}{said(meaning, language)}" for name, mark, meaning in parts)


def _paragraphs(text: str, language: str) -> str:
    """Return the paragraphs of a help text, each said in a language."""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(said(part, language) for part in paragraphs if part)


def _first_line(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())


def _behind(text: str, language: str) -> str:
    """Return what the library writes behind a parameter's help, in a language."""
    for pattern, label in _BEHIND:
        text = pattern.sub(label.in_(language), text)
    return text


def _usage_lines(error: Any, language: str) -> str:  # noqa: ANN401
    """Return what is wrong with the arguments, below how the command is used."""
    lines = []
    if error.ctx is not None:
        lines += [error.ctx.get_usage(), _TRY.said(language, command=error.ctx.command_path), ""]
    words = error.format_message()
    message = getattr(error, "message", words)
    if isinstance(message, Message):
        words = words.replace(str(message), said(message, language))
    words = heard(words, OF_USAGE, language) or said(words, language)
    return "\n".join([*lines, _ERROR.said(language, words=words)])


def _complain_of(option: str, value: str) -> None:
    """Say that a language is none of ours, in the locale's."""
    language = language_of_locale()
    words = Message(
        "{option} {value!r}: write {known}", option=option, value=value, known=" | ".join(LANGUAGES)
    )
    typer.echo(_ERROR.said(language, words=said(words, language)), err=True)
