using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>A subnet: numbered from 1 in the order of its network, or of the <c>--subnet</c> options.</summary>
internal sealed record Subnet(int Sid, AddressRange Range, string? Label);
