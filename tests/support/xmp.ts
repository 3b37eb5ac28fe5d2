// XMP as programs write it, for photos and the files beside them.

const NAMESPACES = {
  aux: 'http://ns.adobe.com/exif/1.0/aux/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  exifEX: 'http://cipa.jp/exif/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/'
}

/** A packet that holds these properties ('exif:DateTimeOriginal') as attributes. */
export function xmpPacket(properties: Record<string, string>): string {
  const spaces = Object.entries(NAMESPACES).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  const values = Object.entries(properties).map(([name, value]) => ` ${name}="${value}"`)
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">' +
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about=""${spaces.join('')}${values.join('')}/>` +
    '</rdf:RDF></x:xmpmeta>'
  )
}
