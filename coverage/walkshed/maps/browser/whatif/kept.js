/* What is tried stays in the browser, per page and study, so that a page opened again has it; where the browser keeps
   nothing (some do not, for pages that are files), that is said. */
/** @import { Study } from "../types" */

/** @param {Study} study */
export function makeKept(study) {
  const key = `walkshed ${window.location.pathname} ${study.study.name}`;

  /**
   * @template T
   * @param {(storage: Storage) => T} use
   * @returns {T | null}
   */
  function reach(use) {
    try {
      return use(window.localStorage);
    } catch {
      return null;
    }
  }

  return {
    /* the text of a scenario file, "" where there is none */
    read: () => reach((storage) => storage.getItem(key)) || "",
    /**
     * whether it is kept
     * @param {string} text
     */
    write: (text) =>
      reach((storage) => {
        if (text) storage.setItem(key, text);
        else storage.removeItem(key);
        return true;
      }) === true,
  };
}
