using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Evidence.Counts;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>
/// What <see cref="Terms"/> ask, in words of a search, so that the appliance selects the records that rows would. The device is the one
/// asked about, else the ends in the subnet asked about, else all that the appliance models as devices.
/// </summary>
internal sealed class CountTerms
{
    private static readonly int[] Suspicious = [.. Enumerable.Range(0, 65_536).Where(SuspiciousPorts.Contains)];

    private readonly InsideTerms _inside;
    private readonly Dictionary<Terms, ConnTerm?> _known = [];

    public CountTerms(CountedEvidence evidence, AnalysisSettings settings, bool isAboutSubnet)
    {
        _inside = evidence.Inside;
        var device = isAboutSubnet ? [] : evidence.Device;
        (IsOneDevice, IsOneAddress) = (device.Count > 0, device.Count == 1);
        (NearSource, NearDestination) = device.Count > 0
            ? (Any(ConnField.SourceIp), Any(ConnField.DestinationIp))
            : settings.Subnet is { } subnet
            ? (ConnTerm.In(ConnField.SourceIp, [subnet]), ConnTerm.In(ConnField.DestinationIp, [subnet]))
            : (_inside.SourceIsDevice, _inside.DestinationIsDevice);

        ConnTerm Any(ConnField field) => ConnTerm.Any([.. device.Select(address => ConnTerm.Is(field, address))]);
    }

    public static ConnTerm HasPorts => CountCheck.HasPorts;

    /// <summary>The states of connections that failed.</summary>
    public static ConnTerm Failed { get; } = States("S0", "REJ", "RSTOS0", "RSTRH", "SH", "SHR");

    /// <summary>The states of connections that were established.</summary>
    public static ConnTerm Established { get; } = States("SF", "S1", "S2", "S3", "RSTO", "RSTR");

    /// <summary>Connections of which neither is known.</summary>
    public static ConnTerm NoState { get; } = ConnTerm.Any(Failed, Established).Not();

    /// <summary>Whether one device is asked about.</summary>
    public bool IsOneDevice { get; }

    /// <summary>Whether it had one address: then it speaks with itself in records that have it twice.</summary>
    public bool IsOneAddress { get; }

    public ConnTerm NearSource { get; }

    public ConnTerm NearDestination { get; }

    /// <summary>The condition; null for none at all. <see cref="Terms.Between"/> is in no search: it compares two fields.</summary>
    public ConnTerm? Of(Terms where)
    {
        if (!_known.TryGetValue(where, out var term))
        {
            _known[where] = term = Make(where);
        }

        return term;
    }

    public static ConnTerm And(ConnTerm? one, ConnTerm other) => one is null || one == other ? other : ConnTerm.All(one, other);

    private static ConnTerm States(params string[] states) =>
        ConnTerm.Any([.. states.Select(state => ConnTerm.Is(ConnField.State, state))]);

    private ConnTerm? Make(Terms where)
    {
        List<ConnTerm> all = [];
        Add(Terms.Outbound, () => _inside.DestinationInside.Not());
        Add(Terms.Inbound, () => ConnTerm.All(_inside.DestinationInside, _inside.SourceInside.Not()));
        if ((where & (Terms.Outbound | Terms.Inbound)) == 0)
        {
            Add(Terms.External, () => _inside.External);
        }

        Add(Terms.Internal, () => _inside.Internal);
        Add(Terms.Started, () => NearSource);
        Add(Terms.Received, () => ConnTerm.All(NearDestination, NearSource.Not()));
        Add(Terms.Within, () => ConnTerm.All(NearSource, NearDestination));
        Add(Terms.Across, () => ConnTerm.All(ConnTerm.Any(NearSource, NearDestination), ConnTerm.All(NearSource, NearDestination).Not()));
        Add(Terms.Touches, () => ConnTerm.Any(NearSource, NearDestination));
        Add(Terms.SuspiciousPort, () => ConnTerm.All(
            HasPorts, ConnTerm.Any([.. Suspicious.Select(port => ConnTerm.Is(ConnField.DestinationPort, port))])));
        return all.Count == 0 ? null : ConnTerm.All([.. all]);

        void Add(Terms one, Func<ConnTerm> term)
        {
            if ((where & one) != 0)
            {
                all.Add(term());
            }
        }
    }
}
