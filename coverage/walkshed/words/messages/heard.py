"""English sentences that come ready-made, from a library or a file, said in a language by their patterns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from walkshed.model.labels import Label

#: What the library of the command line says of wrong usage, and the words of its help.
OF_USAGE = (
    Label("缺少参数 {what}。", "Missing argument {what}."),
    Label("缺少选项 {what}。", "Missing option {what}."),
    Label("缺少命令。", "Missing command."),
    Label("没有选项 {what}，是否想写 {known}？", "No such option: {what} Did you mean {known}?"),
    Label(
        "没有选项 {what}（可选：{known}）。", "No such option: {what} (Possible options: {known})"
    ),
    Label("没有选项 {what}。", "No such option: {what}"),
    Label("没有命令 {what}，是否想写 {known}？", "No such command {what}. Did you mean {known}?"),
    Label("没有命令 {what}。", "No such command {what}."),
    Label("多余的参数：{what}", "Got unexpected extra argument ({what})"),
    Label("多余的参数：{what}", "Got unexpected extra arguments ({what})"),
    Label("多余的参数：{what}", "Got unexpected extra argument(s) ({what})"),
    Label("选项 {what} 需要一个值。", "Option {what} requires an argument."),
    Label("选项 {what} 不带值。", "Option {what} does not take a value."),
    Label("{what} 的值无效：{why}", "Invalid value for {what}: {why}"),
    Label("值无效：{why}", "Invalid value: {why}"),
    Label("不是整数", "Input should be a valid integer, unable to parse string as an integer"),
    Label("不是数字", "Input should be a valid number, unable to parse string as a number"),
    Label("应不小于 {bound}", "Input should be greater than or equal to {bound}"),
    Label("应不大于 {bound}", "Input should be less than or equal to {bound}"),
    Label("{value} 不是整数", "{value} is not a valid integer."),
    Label("{value} 不是整数", "{value} is not a valid int."),
    Label("{value} 不是数字", "{value} is not a valid float."),
    Label("{value} 不在范围 {range} 之内", "{value} is not in the range {range}."),
    Label("显示帮助并退出", "Show this message and exit."),
)
_FIELD = re.compile(r"\{(\w+)\}")


def heard(text: str, sentences: Sequence[Label], language: str) -> str | None:
    """Return what a sentence is in a language, its fields too; None for one that is none of ``sentences``."""
    for pattern, label in _patterns(tuple(sentences)):
        found = pattern.fullmatch(text)
        if found:
            fields = {
                name: heard(value, sentences, language) or value
                for name, value in found.groupdict().items()
            }
            return label.said(language, **fields)
    return None


@cache
def _patterns(sentences: tuple[Label, ...]) -> tuple[tuple[re.Pattern[str], Label], ...]:
    """Return what each English sentence looks like, its fields as groups of their names."""
    patterns = []
    for label in sentences:
        pieces = _FIELD.split(label.en)
        pieces[::2] = [re.escape(piece) for piece in pieces[::2]]
        pieces[1::2] = [f"(?P<{name}>.+)" for name in pieces[1::2]]
        patterns.append((re.compile("".join(pieces), re.DOTALL), label))
    return tuple(patterns)
