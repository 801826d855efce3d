using System.Security.Cryptography;
using System.Text;

namespace DtMcp.Simulator.Records;

/// <summary>
/// What a token without Unrestricted Devices sees: the same connections, with stable pseudonyms in place of the names of devices, labels,
/// MAC addresses, tags and outside host names. Made once over the facts of a record set, so every endpoint anonymises alike.
/// </summary>
internal static class Pseudonyms
{
    public static RecordFacts InPlaceOf(RecordFacts facts) => facts with
    {
        Devices = facts.Devices.ToDictionary(
            pair => pair.Key,
            pair => pair.Value with
            {
                Hostname = Of("device", pair.Value.Hostname),
                Label = Of("label", pair.Value.Label),
                Mac = pair.Value.Mac is { } mac ? MacOf(mac) : null,
                Tags = [.. pair.Value.Tags.Select(tag => Of("tag", tag)!)],
            }),
        Outside = facts.Outside.ToDictionary(pair => pair.Key, pair => pair.Value with { Hostname = Of("host", pair.Value.Hostname) }),
        Subnets = [.. facts.Subnets.Select(subnet => (subnet.Range, Of("subnet", subnet.Label)))],
    };

    /// <summary>The same pseudonym for the same name: <c>device-3f9a01c2</c>.</summary>
    public static string? Of(string kind, string? name) => name is null ? null : $"{kind}-{Digest(name)[..8]}";

    // Locally administered, so that it is no vendor's.
    private static string MacOf(string mac)
    {
        var digest = Digest(mac);
        return $"02:{digest[..2]}:{digest[2..4]}:{digest[4..6]}:{digest[6..8]}:{digest[8..10]}";
    }

    private static string Digest(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
