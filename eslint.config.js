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

/* A function fits a screen. */
const SCREEN = { max: 60, skipBlankLines: true, skipComments: true };

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
      "max-lines-per-function": ["error", SCREEN],
    },
  },
  {
    /* no module: it runs in any browser */
    files: ["coverage/walkshed/maps/browser/shared/gate.js"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    rules: { "no-var": "off" },
  },
];
