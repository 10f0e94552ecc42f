/* When a block is served in the week of the moment asked for: a strip of half hours per day. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { html, svg } = walkshed;
  const HALVES = 48;
  const CELL = 5;
  const ROW = 13;

  /* Stretches [first, last) of half hours in which the block is served, day by day. */
  walkshed.servedStretches = (packed) => {
    const days = Array.from({ length: 7 }, () => []);
    let at = 0;
    walkshed.unpackIntegers(packed).forEach((length, i) => {
      if (i % 2) {
        for (let half = at; half < at + length;) {
          const day = Math.floor(half / HALVES);
          const end = Math.min(at + length, (day + 1) * HALVES);
          days[day].push([half - day * HALVES, end - day * HALVES]);
          half = end;
        }
      }
      at += length;
    });
    return days;
  };

  walkshed.tellWeek = (study, state) => {
    const week = study.week;
    if (!week || state.walker > 0) return "";
    const row = state.block * study.services.length + state.service;
    const days = walkshed.servedStretches(week.strips[week.of[row]]);
    const [first] = week.days[0];
    const [last] = week.days[6];
    const name = (date) =>
      new Intl.DateTimeFormat(study.language === "zh" ? "zh-CN" : "en", { weekday: "short", timeZone: "UTC" }).format(
        new Date(`${date}T00:00:00Z`),
      );
    const kind = (what) => (what ? study.say(`week_${what}`) : "");
    const strip = svg(
      "svg",
      {
        class: "week",
        width: "100%",
        viewBox: `0 0 ${38 + HALVES * CELL} ${7 * ROW + 13}`,
        role: "img",
        "aria-label": study.say("week_hours", { n: week.hours[row] }),
      },
      days.flatMap((stretches, day) => {
        const y = day * ROW;
        const [date, what] = week.days[day];
        return [
          svg("text", { x: 0, y: y + 9.5, class: what }, name(date), svg("title", {}, kind(what) || date)),
          svg("rect", { class: "closed", x: 38, y: y + 1, width: HALVES * CELL, height: ROW - 3 }),
          ...stretches.map(([from, to]) =>
            svg("rect", { class: "open", x: 38 + from * CELL, y: y + 1, width: (to - from) * CELL, height: ROW - 3 }),
          ),
        ];
      }),
      [0, 6, 12, 18, 24].map((hour) =>
        svg("text", { class: "hour", x: 38 + hour * 2 * CELL, y: 7 * ROW + 10 }, String(hour)),
      ),
    );
    return html(
      "section",
      { class: "week-section" },
      html("h3", {}, study.say("week"), html("small", {}, study.say("week_hours", { n: week.hours[row] }))),
      strip,
      html("p", { class: "hint" }, study.say("week_of", { first, last })),
    );
  };
})();
