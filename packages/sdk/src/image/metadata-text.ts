/** True if a text of Latin-1 characters occurs in the bytes. */
export function containsText(bytes: Uint8Array, text: string): boolean {
  const first = text.charCodeAt(0);
  for (let offset = bytes.indexOf(first); offset >= 0; offset = bytes.indexOf(first, offset + 1)) {
    if (hasTextAt(bytes, offset, text)) return true;
  }
  return false;
}

/** True if a text of Latin-1 characters stands at an offset. */
export function hasTextAt(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[offset + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** True if an XMP packet names a position or a place. @source XMP part 2 §2.6 (Exif); IPTC Photo Metadata 2023, Location */
export function namesPlace(packet: Uint8Array): boolean {
  return ['GPS', ':City', ':Location', ':Sublocation', 'LocationCreated'].some((word) => containsText(packet, word));
}
