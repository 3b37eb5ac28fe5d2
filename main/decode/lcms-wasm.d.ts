// The part of lcms-wasm that Kindred uses; the package has no types of its own.
declare module 'lcms-wasm' {
  /** A pointer into its memory; 0 where it could not make one. */
  type Handle = number

  export interface Lcms {
    cmsOpenProfileFromMem(profile: Uint8Array, length: number): Handle
    cmsCreate_sRGBProfile(): Handle
    cmsCloseProfile(profile: Handle): void
    cmsCreateTransform(
      input: Handle,
      inputFormat: number,
      output: Handle,
      outputFormat: number,
      intent: number,
      flags: number
    ): Handle
    cmsDeleteTransform(transform: Handle): void
    /** Converts `size` pixels; the result is a copy. */
    cmsDoTransform(transform: Handle, pixels: Uint8Array, size: number): Uint8Array
  }

  export const INTENT_PERCEPTUAL: number
  export const TYPE_GRAY_8: number
  export const TYPE_RGB_8: number
  export const TYPE_RGBA_8: number
  export const TYPE_CMYK_8_REV: number
  export interface Options {
    wasmBinary: Uint8Array
    /** Where its code lies; not asked when it is given, but needed all the same. */
    locateFile: (name: string) => string
  }
  export function instantiate(options: Options): Promise<Lcms>
}
