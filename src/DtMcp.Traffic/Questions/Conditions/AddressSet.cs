using System.Collections.Immutable;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions.Conditions;

/// <summary>Some addresses; two sets of the same ones are equal, as questions that are remembered have to be.</summary>
public sealed class AddressSet(IEnumerable<NetAddress> addresses) : IEquatable<AddressSet>
{
    private readonly ImmutableArray<NetAddress> _addresses = [.. addresses.Where(address => address.IsPresent).Distinct().Order()];

    public IReadOnlyList<NetAddress> Addresses => _addresses;

    public bool Equals(AddressSet? other) => other is not null && _addresses.AsSpan().SequenceEqual(other._addresses.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as AddressSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var address in _addresses)
        {
            hash.Add(address);
        }

        return hash.ToHashCode();
    }
}
