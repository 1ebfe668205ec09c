import Foundation
import Gossamer
import Glibc

/// What was measured at one size.
struct FrontierSample {
  var urls: Int
  var offers = 0
  var seconds = 0.0
  var cpuSeconds = 0.0
  var memory = 0
  var diskBytes = 0
  var restart = 0.0
  var restartMemory = 0
  var countsSeconds = 0.0

  init(urls: Int) { self.urls = urls }

  var offersPerCPUSecond: Double { Double(offers) / max(cpuSeconds, 1e-9) }
  var bytesPerURL: Double { Double(diskBytes) / Double(max(urls, 1)) }

  static let heading =
    "      URLs  offers/CPU-s  offers/s  new/s   RSS MiB  disk B/URL  restart s  RSS then  counts ms"

  var row: String {
    let new = Double(offers) * 0.15 / max(seconds, 1e-9)
    return [
      Self.padded("\(urls)", 10), Self.padded("\(Int(offersPerCPUSecond))", 13),
      Self.padded("\(Int(Double(offers) / max(seconds, 1e-9)))", 10),
      Self.padded("\(Int(new))", 7), Self.padded("\(memory >> 20)", 9),
      Self.padded(Self.decimal(bytesPerURL, 1), 12), Self.padded(Self.decimal(restart, 2), 11),
      Self.padded("\(restartMemory >> 20)", 10),
      Self.padded(Self.decimal(countsSeconds * 1_000, 1), 11),
    ].joined()
  }

  var json: String {
    """
    {"urls":\(urls),"offers":\(offers),"seconds":\(seconds),"cpu_seconds":\(cpuSeconds),\
    "offers_per_cpu_second":\(offersPerCPUSecond),"rss_bytes":\(memory),\
    "disk_bytes":\(diskBytes),"bytes_per_url":\(bytesPerURL),"restart_seconds":\(restart),\
    "restart_rss_bytes":\(restartMemory),"counts_seconds":\(countsSeconds)}

    """
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  private static func decimal(_ number: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", number)
  }
}

/// What the kernel knows of this process.
enum ProcessFigures {
  /// User and system time of all threads.
  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  static func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(CInt(_SC_PAGESIZE)))
  }
}
