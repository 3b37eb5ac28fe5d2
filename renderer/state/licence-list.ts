// The licences of all that Kindred is made of. The build, which knows what went in, puts the list
// in the place of this word (main/setup/licences.mjs). Runs in the page.
export const LICENCES: unknown = '__LICENCES__'
