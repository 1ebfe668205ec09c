/// What this program is.
enum Version {
  /// The version, as in the User-Agent and in manifests.
  static let current = "0.1.0"
}
