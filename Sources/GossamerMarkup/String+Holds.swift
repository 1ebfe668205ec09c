extension String {
  /// Whether the bytes of a word stand anywhere in a text. `contains` of the standard library makes
  /// tables for every search, which takes longer than searching what is short.
  package func holds(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    return word.withUTF8Buffer { word in
      utf8.withContiguousStorageIfAvailable { text in
        guard text.count >= length else { return false }
        for start in 0...(text.count - length) where text[start] == word[0] {
          if text[start..<start + length].elementsEqual(word) { return true }
        }
        return false
      } ?? false
    }
  }
}
