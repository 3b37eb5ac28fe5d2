// The part of libheif-js that Kindred uses: its own types leave these functions without any.
declare module 'libheif-js/libheif-wasm/libheif.js' {
  /** A pointer into its memory. */
  type Context = number
  type Handle = object
  interface Failure {
    code: object
    subcode: object
    message: string
  }
  interface Plane {
    id: object
    width: number
    height: number
    /** Bytes from one row to the next. */
    stride: number
    data: Uint8Array
  }

  export interface Libheif {
    heif_context_alloc(): Context
    heif_context_free(context: Context): void
    heif_context_read_from_memory(context: Context, bytes: Uint8Array): Failure
    heif_js_context_get_primary_image_handle(context: Context): Handle | Failure
    heif_image_handle_release(handle: Handle): void
    /** Turned and cut as the file says. */
    heif_js_decode_image2(
      handle: Handle,
      space: object,
      chroma: object
    ): { image: object; channels: Plane[] } | Failure
    heif_image_release(image: object): void
    heif_error_code: Record<
      'heif_error_Ok' | 'heif_error_Unsupported_filetype' | 'heif_error_Unsupported_feature',
      object
    >
    heif_colorspace: Record<'heif_colorspace_RGB', object>
    heif_chroma: Record<'heif_chroma_interleaved_RGBA', object>
  }
  export interface Options {
    wasmBinary: Uint8Array
    print: (line: string) => void
    printErr: (line: string) => void
  }
  export default function instantiate(options: Options): Promise<Libheif>
}
