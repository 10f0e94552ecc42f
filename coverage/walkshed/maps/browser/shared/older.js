/* What Chromium 78 and Firefox 78, which offices still run, lack of what the page uses: said here once, and nowhere else. */

if (!Element.prototype.replaceChildren) {
  /** @param {(Node | string)[]} parts */
  Element.prototype.replaceChildren = function replaceChildren(...parts) {
    this.textContent = "";
    this.append(...parts);
  };
}

/* Styles for the keyboard's focus where a browser does not tell it from the mouse's. */
const tellsFocus = window.CSS && CSS.supports("selector(:focus-visible)");
if (!tellsFocus) document.documentElement.classList.add("plain-focus");

/* Whether flex boxes keep a gap: two empty ones in a column are as high as their gap. */
function keepsGap() {
  const box = document.createElement("div");
  box.style.cssText = "position: absolute; display: flex; flex-direction: column; row-gap: 1px";
  box.append(document.createElement("div"), document.createElement("div"));
  document.body.append(box);
  const kept = box.scrollHeight === 1;
  box.remove();
  return kept;
}

/** @typedef {{ flex: boolean, column: boolean, wraps: boolean }} Box */

/**
 * Margins between the parts of a flex box in place of its gap, below any of their own; a box that wraps has them behind
 * each part. Text of a box is in an element of its own, which margins are for.
 * @param {string} selector
 * @param {Box} box
 * @param {string} row
 * @param {string} across
 */
function margins(selector, { column, wraps }, row, across) {
  if (wraps) return `${selector} > * { margin: 0 ${across} ${row} 0 }`;
  if (column) return `${selector} > * + * { margin-top: ${row}; margin-left: 0 }`;
  return `${selector} > * + * { margin-left: ${across} }`;
}

/**
 * What is known of a box by its selector, as later rules (narrow, print) only say how its gap differs.
 * @param {Map<string, Box>} known
 * @param {string} selector
 * @param {CSSStyleDeclaration} style
 */
function boxOf(known, selector, style) {
  const own = selector.replace(/^\.printing\S* /, "");
  const box = known.get(own) || { flex: false, column: false, wraps: false };
  const told = {
    flex: style.display ? style.display.includes("flex") : box.flex,
    column: style.flexDirection ? style.flexDirection === "column" : box.column,
    wraps: style.flexWrap ? style.flexWrap === "wrap" : box.wraps,
  };
  known.set(own, told);
  return told;
}

/**
 * The gap of a rule: by one word or two for both directions where it names tokens, else for each.
 * @param {CSSStyleDeclaration} style
 */
function gapOf(style) {
  const words = style.gap && style.gap !== "normal" ? style.gap.split(" ") : [""];
  return { row: style.rowGap || words[0], across: style.columnGap || words[words.length - 1] };
}

/**
 * @param {CSSStyleSheet | CSSMediaRule} list
 * @param {Map<string, Box>} known
 */
function spaceOut(list, known) {
  for (let at = 0; at < list.cssRules.length; at += 1) {
    const rule = list.cssRules[at];
    if (rule instanceof CSSMediaRule) spaceOut(rule, known);
    if (!(rule instanceof CSSStyleRule)) continue;
    const { selectorText, style } = rule;
    const box = boxOf(known, selectorText, style);
    const { row, across } = gapOf(style);
    if (!box.flex || !(row || across)) continue;
    for (const selector of selectorText.split(", ")) {
      at += 1;
      list.insertRule(margins(selector, box, row, across), at);
    }
  }
}

if (!keepsGap()) {
  const known = new Map();
  /** @type {NodeListOf<HTMLStyleElement>} */ (document.querySelectorAll("style[data-from]")).forEach((element) => {
    if (element.sheet) spaceOut(element.sheet, known);
  });
}
