// How processes of tests run the project's sources. Test code only.

/**
 * Options of Node: from 22.18 on it runs TypeScript by itself, in a fraction of the time that a
 * loader takes; that a file's kind is found out by reading it is known.
 */
export const TYPESCRIPT: readonly string[] =
  'typescript' in process.features && process.features.typescript
    ? ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON']
    : ['--import', 'tsx']
