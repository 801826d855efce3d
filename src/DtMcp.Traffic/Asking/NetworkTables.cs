using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Querying;
using DtMcp.Darktrace.Reading;
using DtMcp.Traffic.Condensing;

namespace DtMcp.Traffic.Asking;

/// <summary>
/// Asks <c>/network</c> for the guide's tables. A device's answer comes in two halves, since its default is the internal one only and
/// <c>intext=external</c> alone adds the peers outside (CONTRACT 2.2).
/// </summary>
internal sealed class NetworkTables(DarktraceClient client, DeskOptions options, TimeProvider time, CaptureStore store, ApplianceMemory memory)
{
    private const string Devices = "/devices";

    public async Task<Gathered> AnswerAsync(Ask ask, List<string> notes, CancellationToken cancellationToken)
    {
        var halves = await HalvesAsync(ask, cancellationToken).ConfigureAwait(false);
        notes.AddRange(Honesty.OfFilters(ask.Filters, halves.All));
        return new Gathered
        {
            Evidence = Evidence.Connectivity,
            Tables = halves,
            ReadAt = time.GetUtcNow(),
            Window = ask.Window,
            Notes = notes,
        };
    }

    /// <summary>What <c>/network</c> and <c>/devices</c> say of endpoints, for records that hold addresses only. Refusals leave names out.</summary>
    public async Task<Names> NamesAsync(Ask ask, CancellationToken cancellationToken)
    {
        var tables = new List<Connectivity>();
        var devices = DevicesAsync(ask, cancellationToken);
        try
        {
            var outside = await OneAsync(ask, new NetworkQuery { IntExt = "external", FullDeviceDetails = true }, cancellationToken).ConfigureAwait(false);
            tables.Add(outside);
        }
        catch (ApplianceException error) when (IsRefusal(error))
        {
            memory.Refused("/network", error.Happened);
        }

        return new Names(tables, await devices.ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<(NetAddress, long, HostDetails)>> DevicesAsync(Ask ask, CancellationToken cancellationToken)
    {
        if (!memory.MayTry(Devices))
        {
            return [];
        }

        try
        {
            var age = Math.Max(60, (time.GetUtcNow().ToUnixTimeMilliseconds() - ask.Window.StartMs) / 1000 + 60);
            var found = await client.GetDevicesAsync(
                new DevicesQuery { SeenSince = age.ToString(CultureInfo.InvariantCulture), IncludeTags = true }, cancellationToken).ConfigureAwait(false);
            List<(NetAddress, long, HostDetails)> named = [];
            foreach (var device in found)
            {
                foreach (var ip in device.Ips)
                {
                    if (NetAddress.TryParse(ip, out var address))
                    {
                        named.Add((address, device.Did, device.Details));
                    }
                }
            }

            return named;
        }
        catch (ApplianceException error) when (IsRefusal(error))
        {
            memory.Refused(Devices, error.Happened);
            return [];
        }
    }

    private async Task<ConnectivityHalves> HalvesAsync(Ask ask, CancellationToken cancellationToken)
    {
        var filters = ask.Filters;
        if (filters.ResponseData is not null)
        {
            return new ConnectivityHalves { Both = await OneAsync(ask, filters, cancellationToken).ConfigureAwait(false) };
        }

        if (ask.Subnet is not null || filters.ViewSubnet is not null)
        {
            var sid = filters.ViewSubnet ?? ask.SubnetId ?? throw NoSuchSubnet(ask);
            return new ConnectivityHalves { Both = await OneAsync(ask, filters with { ViewSubnet = sid }, cancellationToken).ConfigureAwait(false) };
        }

        var side = ask.RowFilters.IntExt?.ToLowerInvariant();
        if (!ask.HasFocus && side is null)
        {
            var both = await OneAsync(ask, filters with { FullDeviceDetails = true }, cancellationToken).ConfigureAwait(false);
            return ask.WantsOutside
                ? new ConnectivityHalves { Both = both, External = await OneAsync(ask, filters with { IntExt = "external", FullDeviceDetails = true }, cancellationToken).ConfigureAwait(false) }
                : new ConnectivityHalves { Both = both };
        }

        var inside = side == "external" ? null : OneAsync(ask, filters with { IntExt = "internal", FullDeviceDetails = true }, cancellationToken);
        var outside = side == "internal" ? null : OneAsync(ask, filters with { IntExt = "external", FullDeviceDetails = true }, cancellationToken);
        return new ConnectivityHalves
        {
            Internal = inside is null ? null : await inside.ConfigureAwait(false),
            External = outside is null ? null : await outside.ConfigureAwait(false),
        };
    }

    private async Task<Connectivity> OneAsync(Ask ask, NetworkQuery filters, CancellationToken cancellationToken)
    {
        var key = new CaptureKey(ask.Window, filters with { Window = null }, Records: false);
        if (!ask.Refresh && store.Find(key, ask.IsRelative) is { Connectivity: { } known })
        {
            return known;
        }

        var capture = await store.ReadAsync(
            key,
            givesRows: false,
            async (_, token) =>
            {
                var answer = await client.GetNetworkAsync(filters with { Window = ask.Window }, new FlowSet(options.MaxFlows, maxHosts: options.MaxHosts), null, token).ConfigureAwait(false);
                return new Capture { Key = key, Evidence = Evidence.Connectivity, ReadAt = time.GetUtcNow(), Connectivity = answer.Connectivity ?? new Connectivity() };
            },
            null,
            cancellationToken).ConfigureAwait(false);
        return capture.Connectivity ?? new Connectivity();
    }

    private static bool IsRefusal(ApplianceException error) => error.Error is ApplianceError.PermissionDenied or ApplianceError.NotAvailable or ApplianceError.RequestRejected;

    private static ApplianceException NoSuchSubnet(Ask ask) => new(
        ApplianceError.InvalidArgument,
        $"The appliance has no subnet {ask.Subnet}, and without connection records only its own subnets can be asked.",
        "Call list_filter_values kind=subnets and take one of those.");
}
