import GossamerURL
import Testing

@testable import GossamerFetch

@Suite("Which addresses may be connected to")
struct AddressPolicyTests {
  private func allows(_ policy: AddressPolicy, _ text: String) throws -> Bool {
    policy.allows(try #require(IPAddress(text)))
  }

  @Test func aLoopbackSeedOpensItsOwnAddressOnly() throws {
    let policy = AddressPolicy(seeds: [try #require(WebURL("http://127.0.0.1:8080/"))])
    #expect(try allows(policy, "127.0.0.1"))
    #expect(try allows(policy, "93.184.216.34"))
    for other in ["127.0.0.2", "::1", "0.0.0.0", "10.0.0.1", "::ffff:127.0.0.1", "169.254.1.1"] {
      #expect(try !allows(policy, other), "\(other)")
    }
  }

  @Test func aPrivateSeedOpensNothing() throws {
    let policy = AddressPolicy(seeds: [try #require(WebURL("http://10.0.0.1/"))])
    #expect(try !allows(policy, "10.0.0.1"))
  }

  @Test func localhostIsItsTwoAddresses() throws {
    let policy = AddressPolicy(seeds: [try #require(WebURL("http://localhost/"))])
    #expect(try allows(policy, "127.0.0.1") && allows(policy, "::1"))
    #expect(try !allows(policy, "127.0.0.2"))
  }

  @Test func privateNetworksOnDemand() throws {
    let policy = AddressPolicy(allowsPrivate: true)
    for address in ["10.0.0.1", "192.168.1.1", "127.0.0.1", "fc00::1", "169.254.1.1"] {
      #expect(try allows(policy, address), "\(address)")
    }
    for address in ["0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "ff02::1", "::ffff:0.0.0.0"] {
      #expect(try !allows(policy, address), "\(address)")
    }
  }
}
