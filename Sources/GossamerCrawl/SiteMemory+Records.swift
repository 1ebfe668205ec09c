import GossamerCorpus
import GossamerExtract

extension SiteMemory {
  /// Takes in what an earlier run found.
  func restore(_ records: [SiteRecord]) {
    restore(
      records.map { record in
        Site(
          host: record.host, pageCount: record.pages,
          blocks: record.blocks.compactMap { block in
            UInt64(block.hash, radix: 16).map {
              Block(hash: $0, text: block.text, count: block.count)
            }
          })
      })
  }

  /// What was found, for the corpus.
  var records: [SiteRecord] {
    sites.map { site in
      SiteRecord(
        host: site.host, pages: site.pageCount,
        blocks: site.blocks.map {
          let digits = String($0.hash, radix: 16)
          return SiteRecord.Block(
            hash: String(repeating: "0", count: 16 - digits.count) + digits, count: $0.count,
            text: $0.text)
        })
    }
  }
}
