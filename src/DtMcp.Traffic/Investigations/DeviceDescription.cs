using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>What is known of the device that a question is about.</summary>
internal static class DeviceDescription
{
    /// <summary>
    /// From the rows, where <paramref name="focus"/> is its endpoint (-1 when it did not come by), and from a device search.
    /// </summary>
    public static IReadOnlyList<Field> Of(AnalysisSettings settings, FlowSet flows, int focus)
    {
        var details = focus < 0 ? null : flows.Hosts.Details(focus);
        details = settings.FocusDetails is { } known ? (details is null ? known : known.FilledFrom(details)) : details;
        var address = focus < 0 ? settings.FocusAddress : flows.Hosts.Address(focus);
        var did = settings.FocusDid ?? (focus >= 0 && flows.Hosts.Did(focus) != HostTable.NoDid ? flows.Hosts.Did(focus) : null);
        return Of(did, address.ToString(), details);
    }

    /// <summary>From connectivity tables and from a device search.</summary>
    public static IReadOnlyList<Field> Of(AnalysisSettings settings, ConnectivityHalves answers)
    {
        var evidence = new ConnectivityEvidence(answers, settings);
        var details = evidence.Focus?.Details;
        details = settings.FocusDetails is { } known ? (details is null ? known : known.FilledFrom(details)) : details;
        return Of(settings.FocusDid ?? evidence.Focus?.Did, evidence.FocusIp, details);
    }

    public static IReadOnlyList<Field> Of(long? did, string? ip, HostDetails? details)
    {
        List<Field> device = [];
        Add("did", Cell.Of(did));
        Add("ip", Cell.Of(string.IsNullOrEmpty(ip) ? null : ip));
        Add("hostname", Cell.Of(details?.Hostname));
        Add("devicelabel", Cell.Of(details?.DeviceLabel));
        Add("os", Cell.Of(details?.Os));
        Add("type", Cell.Of(details?.Type));
        Add("macaddress", Cell.Of(details?.MacAddress));
        Add("vendor", Cell.Of(details?.Vendor));
        Add("tags", details?.Tags is { Count: > 0 } tags ? Cell.List(tags, tags.Count) : Cell.Absent);
        return device;

        void Add(string name, Cell value)
        {
            if (value.Kind != CellKind.Absent)
            {
                device.Add(new Field(name, value));
            }
        }
    }
}
