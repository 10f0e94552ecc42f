/* The plain lines of a scenario file: tables of keys and values, a line each. */

const TABLES = ["add", "move", "close", "offers", "premises", "open_gate"];
const LARGEST = 1e6; /* characters */

/** @typedef {string | number | boolean | string[] | null | undefined} Line a value */
/** @typedef {Record<string, Line>} Row */

/**
 * What the page says of a file that it cannot read.
 * @param {string} key
 * @param {Record<string, string | number>} fields
 */
export const fault = (key, fields = {}) => Object.assign(new Error(key), { key, fields });

/**
 * A value of one line: a string in either quotes, a number, true or false, a list of strings.
 * @param {string} text
 * @param {number} line
 * @returns {Line}
 */
function valueOf(text, line) {
  const literal = /^'([^']*)'\s*(?:#.*)?$/.exec(text);
  if (literal) return literal[1];
  const plain = /^("(?:[^"\\]|\\.)*"|\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]|[^\s#]+)\s*(?:#.*)?$/.exec(text);
  try {
    return plain && JSON.parse(plain[1].replace(/,\s*\]$/, "]"));
  } catch {
    throw fault("file_line", { line });
  }
}

/**
 * The scenario and the rows of its tables.
 * @param {string} text
 */
export function parse(text) {
  if (text.length > LARGEST) throw fault("file_line", { line: 1 });
  /** @type {{ scenario: Row, tables: Record<string, Row[]> }} */
  const file = { scenario: {}, tables: {} };
  /** @type {Row | null} */
  let table = null;
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  lines.forEach((raw, index) => {
    const line = raw.trim();
    if (!line || line.startsWith("#")) return;
    const head = /^\[(\[?)\s*([a-z_]+)\s*\](\]?)\s*(?:#.*)?$/.exec(line);
    if (head) {
      table = tableOf(file, head[2], Boolean(head[1]));
      return;
    }
    const pair = /^([A-Za-z_]+)\s*=\s*(.+)$/.exec(line);
    if (!pair || !table) throw fault("file_line", { line: index + 1 });
    table[pair[1]] = valueOf(pair[2], index + 1);
  });
  return file;
}

/**
 * The table that a head opens.
 * @param {{ scenario: Row, tables: Record<string, Row[]> }} file
 * @param {string} name
 * @param {boolean} isRow
 */
function tableOf(file, name, isRow) {
  if (name === "scenario" && !isRow) return file.scenario;
  if (!TABLES.includes(name) || !isRow) throw fault("file_table", { name });
  /** @type {Row} */
  const row = {};
  file.tables[name] = [...(file.tables[name] || []), row];
  return row;
}
