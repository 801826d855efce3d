using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>What the appliance counted for a question, and what it takes to ask it for more.</summary>
/// <param name="Book">The counts.</param>
/// <param name="Inside">Which ends are inside, in words of a search.</param>
/// <param name="Device">Addresses of the device asked about; none without one.</param>
/// <param name="Names">Names of devices by address.</param>
/// <param name="StartMs">The start of the window.</param>
internal sealed record CountedEvidence(
    CountBook Book, InsideTerms Inside, IReadOnlyList<NetAddress> Device, DeviceList Names, long StartMs);
