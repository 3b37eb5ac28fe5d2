// Reads the project's own sources for the tests of style: files, imports, exports.
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

function resolved(from: string, specifier: string): Import {
  const isOurs = specifier.startsWith('.')
  const parts = specifier.split('/')
  const library = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const builtin = specifier.startsWith('node:')
  return {
    specifier,
    file: isOurs ? posix.join(posix.dirname(from), specifier.split('?')[0] ?? '') : undefined,
    library: isOurs || builtin ? undefined : library,
    builtin
  }
}

/** Every import of a file: static, re-exported, dynamic, `require` and of types. */
export function importsOf(source: Source): Import[] {
  const found: string[] = []
  function visit(node: ts.Node): void {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      if (ts.isStringLiteral(node.moduleSpecifier)) found.push(node.moduleSpecifier.text)
    } else if (ts.isCallExpression(node)) {
      const [first] = node.arguments
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
      if (isImport || isRequire)
        found.push(first && ts.isStringLiteralLike(first) ? first.text : '(computed)')
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) found.push(node.argument.literal.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(treeOf(source))
  return found.map((specifier) => resolved(source.path, specifier))
}
