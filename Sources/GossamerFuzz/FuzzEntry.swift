#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs libFuzzer over one area, which `GOSSAMER_FUZZ_AREA` names; arguments are libFuzzer's.
///
/// An input that breaks a promise ends the process, and libFuzzer keeps it. See `Scripts/fuzz.sh`.
@main
enum FuzzEntry {
  static func main() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments, testOneInput))
  }
}

/// libFuzzer's own main, which the package manager's takes the place of.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  area.check(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

private let area: FuzzArea = {
  let name = getenv("GOSSAMER_FUZZ_AREA").map { String(cString: $0) } ?? ""
  guard let area = FuzzArea(rawValue: name) else {
    let names = FuzzArea.allCases.map(\.rawValue).joined(separator: ", ")
    preconditionFailure("GOSSAMER_FUZZ_AREA must be one of \(names)")
  }
  return area
}()
