/* What the page's scripts are held to beside their types (tsconfig.json). */
import js from "@eslint/js";

/* The joiner (maps/joining.py) knows imports and exports by name, of functions and constants, and nothing else. */
const NOT_JOINED = [
  "ExportAllDeclaration",
  "ExportDefaultDeclaration",
  "ExportNamedDeclaration[specifiers.length>0]",
  "ExportNamedDeclaration > VariableDeclaration[kind!='const']",
  "ExportNamedDeclaration > VariableDeclaration > VariableDeclarator[id.type!='Identifier']",
  "ExportNamedDeclaration > ClassDeclaration",
  "ImportDeclaration[specifiers.length=0]",
  "ImportDefaultSpecifier",
  "ImportNamespaceSpecifier",
  "ImportExpression",
  "MetaProperty",
].map((selector) => ({ selector, message: "The joiner of the page (maps/joining.py) does not know this form." }));

/* Functions over a screen that stand yet, by file: the lines of the longest. Numbers only go down. */
const LONGER = {
  "engine/changes.js": 70,
  "engine/courts.js": 65,
  "engine/gates.js": 62,
  "engine/graph.js": 70,
  "engine/reach.js": 177,
  "engine/scenario.js": 65,
  "engine/search.js": 70,
  "engine/snap.js": 112,
  "engine/squares.js": 130,
  "engine/town.js": 62,
  "engine/trial.js": 289,
  "engine/yards.js": 115,
  "map/blocks.js": 93,
  "map/layers.js": 111,
  "map/names.js": 81,
  "map/stations.js": 94,
  "panels/answers.js": 292,
  "panels/headline.js": 113,
  "panels/matrix.js": 135,
  "panels/proposals.js": 77,
  "panels/search.js": 110,
  "shared/inflate.js": 75,
  "whatif/editor.js": 104,
  "whatif/edits.js": 73,
  "whatif/marks.js": 128,
  "whatif/panel.js": 214,
  "whatif/tryout.js": 116,
  "whatif/whatif.js": 317,
};

const longest = (max) => ["error", { max, skipBlankLines: true, skipComments: true }];

export default [
  js.configs.recommended,
  {
    files: ["coverage/walkshed/maps/browser/**/*.js"],
    languageOptions: { ecmaVersion: 2019, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off", // tsc knows the names of browsers better
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
      "no-restricted-syntax": ["error", ...NOT_JOINED],
      "no-control-regex": "off",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      eqeqeq: "error",
      "max-len": ["error", { code: 120, ignoreComments: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
      "max-lines-per-function": longest(60),
    },
  },
  {
    /* no module: it runs in any browser */
    files: ["coverage/walkshed/maps/browser/shared/gate.js"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    rules: { "no-var": "off" },
  },
  ...Object.entries(LONGER).map(([name, max]) => ({
    files: [`coverage/walkshed/maps/browser/${name}`],
    rules: { "max-lines-per-function": longest(max) },
  })),
];
