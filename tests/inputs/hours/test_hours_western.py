"""Hours as offices of five languages write them: read as meant, or refused."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from walkshed.inputs.hours.reading import read_hours
from walkshed.inputs.hours.unclear import UnclearHoursError

READ = {
    "Mon-Fri 8am-6pm": "Mo-Fr 08:00-18:00",
    "Mon–Fri 8:00 AM – 6:00 PM": "Mo-Fr 08:00-18:00",
    "Mon-Fri 8.30 a.m. - 5.30 p.m.": "Mo-Fr 08:30-17:30",
    "M-F 9-5": "Mo-Fr 09:00-17:00",
    "Monday to Friday, 8am to noon and 1:30pm to 5pm": "Mo-Fr 08:00-12:00,13:30-17:00",
    "Mon-Fri 8am-6pm, Sat 8am-12pm": "Mo-Fr 08:00-18:00; Sa 08:00-12:00",
    "Mon-Thu 10am-8pm; Fri-Sat 10am-5pm": "Mo-Th 10:00-20:00; Fr-Sa 10:00-17:00",
    "Mon, Wed, Fri 9am-1pm": "Mo,We,Fr 09:00-13:00",
    "weekdays 9am-5pm, closed Sunday": "Mo-Fr 09:00-17:00; Su off",
    "Mon-Fri 8am-6pm except holidays": "Mo-Fr 08:00-18:00; PH off",
    "Mo-Fr 8–18 Uhr": "Mo-Fr 08:00-18:00",
    "Montag bis Freitag von 8 bis 18 Uhr, Samstag geschlossen": "Mo-Fr 08:00-18:00; Sa off",
    "seg a sex 8h às 18h": "Mo-Fr 08:00-18:00",
    "seg-sex 8h-18h": "Mo-Fr 08:00-18:00",
    "2ª a 6ª feira 8h às 17h": "Mo-Fr 08:00-17:00",
    "segunda a sexta das 8h às 12h e das 14h às 18h": "Mo-Fr 08:00-12:00,14:00-18:00",
    "lunes a viernes de 9:00 a 14:00": "Mo-Fr 09:00-14:00",
    "L-V 9-14 h": "Mo-Fr 09:00-14:00",
    "lundi au vendredi de 9h à 12h et de 14h à 17h30": "Mo-Fr 09:00-12:00,14:00-17:30",
}
REFUSED = (
    *("1-5pm", "8am-5", "Mon-Fri 9-5 Mon 10-2", "T-F 9-5", "closed Sat, Sun 9-5", "L-V 9-5"),
    *("Mon-Fri 8-12; 13-17 by appointment", "Mon-Fri 25-30", "open late", "Di 9-12"),
)


@pytest.mark.parametrize("text", READ)
def test_hours_are_read_as_meant(text: str) -> None:
    assert read_hours(text).osm == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_certain_is_refused(text: str) -> None:
    with pytest.raises(UnclearHoursError):
        read_hours(text)


def test_a_word_of_two_languages_names_both() -> None:
    with pytest.raises(UnclearHoursError, match="can be 'Tu 09:00-12:00' or 'Su 09:00-12:00'"):
        read_hours("Di 9-12")


DAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "pt": ["seg", "ter", "qua", "qui", "sex", "sáb", "dom"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "de": ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}
OSM = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
BETWEEN = {
    "en": (" to ", "-", " – "),
    "pt": (" a ", "-"),
    "es": (" a ", "-"),
    "de": (" bis ", "-", "–"),
    "fr": (" au ", "-"),
}
UNTIL = {
    "en": ("-", " to "),
    "pt": (" às ", "-"),
    "es": (" a ", "-"),
    "de": ("-", " bis "),
    "fr": (" à ", "-"),
}


def clock(language: str, minutes: int, style: int) -> str:
    hour, minute = divmod(minutes, 60)
    if language == "en" and style:
        half = "am" if hour < 12 else "pm"
        shown = (hour - 1) % 12 + 1
        return f"{shown}:{minute:02d}{half}" if minute else f"{shown}{half}"
    if language in {"pt", "fr"} and style:
        return f"{hour}h{minute:02d}" if minute else f"{hour}h"
    return f"{hour}:{minute:02d}"


@pytest.mark.parametrize("language", DAYS)
def test_generated_hours_are_right_or_refused(language: str) -> None:
    dice, told = random.Random(language), Counter[str]()
    for _ in range(500):
        first, last = sorted(dice.sample(range(7), 2))
        style = dice.randint(0, 1)
        until = dice.choice(UNTIL[language])
        spans = [(dice.randrange(360, 720, 30), dice.randrange(750, 1320, 30))]
        if dice.random() < 0.4:
            spans = [(dice.randrange(360, 600, 30), 720), (dice.randrange(780, 900, 30), 1080)]
        times = [
            f"{clock(language, begin, style)}{until}{clock(language, end, style)}"
            for begin, end in spans
        ]
        days = DAYS[language][first] + dice.choice(BETWEEN[language]) + DAYS[language][last]
        text = f"{days} {', '.join(times)}"
        meant = ",".join(f"{b // 60:02d}:{b % 60:02d}-{e // 60:02d}:{e % 60:02d}" for b, e in spans)
        try:
            read = re.sub(r"(?<!\d)(\d):", r"0\1:", read_hours(text).osm.replace(", ", ","))
        except UnclearHoursError:
            told["refused"] += 1
            continue
        assert read == f"{OSM[first]}-{OSM[last]} {meant}", text
        told["right"] += 1
    assert told["right"] > 400, told
