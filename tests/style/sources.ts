// Reads the project's own sources for the tests of style: files, imports, exports.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The repository's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export interface Source {
  /** From the root, with forward slashes. */
  path: string
  text: string
}

export interface Import {
  /** As it is written. */
  specifier: string
  /** The file it names, from the root; undefined for a package or a built-in. */
  file: string | undefined
  /** The package it names (`@scope/name` or `name`); undefined for our files and built-ins. */
  library: string | undefined
  builtin: boolean
  /** Nothing of it is loaded: only types are taken, and they are erased. */
  isOfTypes: boolean
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/** All source files in the folders given that end with one of the endings. */
export function sourcesIn(folders: readonly string[], endings: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => filesBelow(join(ROOT, folder)))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({
      path: relative(ROOT, path).split(sep).join('/'),
      text: readFileSync(path, 'utf8')
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What the app is made of; tests and set-up scripts aside. */
export function appSources(): Source[] {
  return sourcesIn(['main', 'model', 'renderer'], ['.ts', '.svelte']).filter(
    ({ path }) => !path.startsWith('main/setup/') && !path.endsWith('.as.ts')
  )
}

/** The TypeScript of a file: the scripts of a component, or all of it. */
function scriptOf(source: Source): string {
  if (!source.path.endsWith('.svelte')) return source.text
  const scripts = source.text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)
  return [...scripts].map((match) => match[1]).join('\n')
}

/** The parsed script of a file. */
export function treeOf(source: Source): ts.SourceFile {
  return ts.createSourceFile(source.path, scriptOf(source), ts.ScriptTarget.ES2022, true)
}

interface Named {
  specifier: string
  isOfTypes: boolean
}

function resolved(from: string, { specifier, isOfTypes }: Named): Import {
  const isOurs = specifier.startsWith('.')
  const parts = specifier.split('/')
  const library = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const builtin = specifier.startsWith('node:')
  return {
    specifier,
    file: isOurs ? posix.join(posix.dirname(from), specifier.split('?')[0] ?? '') : undefined,
    library: isOurs || builtin ? undefined : library,
    builtin,
    isOfTypes
  }
}

/** Whether an import or a re-export names types only, so that it is erased. */
function areTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  const clause = node.importClause
  if (clause === undefined || clause.isTypeOnly) return clause !== undefined
  const named = clause.namedBindings
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly)
}

/** The files whose path begins with one of `starts`, and all files that their imports lead to. */
export function reachedFrom(
  imports: ReadonlyMap<string, readonly Import[]>,
  ...starts: readonly string[]
): Set<string> {
  const reached = new Set<string>()
  const waiting = [...imports.keys()].filter((path) => starts.some((one) => path.startsWith(one)))
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    waiting.push(...(imports.get(path) ?? []).flatMap(({ file }) => (file ? [file] : [])))
  }
  assert.ok(reached.size > starts.length)
  return reached
}

/** Every import of a file: static, re-exported, dynamic, `require` and of types. */
export function importsOf(source: Source): Import[] {
  const found: Named[] = []
  const add = (specifier: string, isOfTypes = false): void =>
    void found.push({ specifier, isOfTypes })
  function visit(node: ts.Node): void {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      if (ts.isStringLiteral(node.moduleSpecifier)) add(node.moduleSpecifier.text, areTypes(node))
    } else if (ts.isCallExpression(node)) {
      const [first] = node.arguments
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
      if (isImport || isRequire)
        add(first && ts.isStringLiteralLike(first) ? first.text : '(computed)')
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true)
    }
    ts.forEachChild(node, visit)
  }
  visit(treeOf(source))
  return found.map((named) => resolved(source.path, named))
}
