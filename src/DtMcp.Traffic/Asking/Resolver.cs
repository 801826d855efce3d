using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Querying;
using DtMcp.Darktrace.Reading;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Traffic.Condensing;

namespace DtMcp.Traffic.Asking;

/// <summary>Turns what people say (a host name, a subnet's label, a protocol's name) into what <c>/network</c> takes, before anything is asked of it.</summary>
internal sealed class Resolver(DarktraceClient client, FilterValues values, ApplianceMemory memory, InternalRanges inside)
{
    private const int Candidates = 8;

    public async Task<Ask> ResolveAsync(Question question, CancellationToken cancellationToken)
    {
        var tool = ToolNeeds.Of(question.Tool);
        var filters = question.Filters;
        if (question.Hostname is not null && NetAddress.TryParse(filters.Ip, out var ip) && inside.IsDevice(ip))
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument,
                $"hostname and ip both mean a device: {ip} is inside.",
                "Give one of them, or did and ip for the traffic between a device and that address.");
        }

        filters = filters with
        {
            Protocol = await values.CheckAsync(FilterKind.Protocols, filters.Protocol, cancellationToken).ConfigureAwait(false),
            Metric = await values.CheckMetricAsync(filters.Metric, cancellationToken).ConfigureAwait(false),
            ApplicationProtocol = await values.CheckAsync(FilterKind.ApplicationProtocols, filters.ApplicationProtocol, cancellationToken).ConfigureAwait(false),
        };
        if (question.SubnetName is { } label)
        {
            filters = filters with { ViewSubnet = await values.SubnetIdAsync(label, cancellationToken).ConfigureAwait(false) };
        }

        var focus = await FocusAsync(question, filters, tool.IsAboutDevice, cancellationToken).ConfigureAwait(false);
        if (question.Hostname is not null)
        {
            filters = filters with { Did = focus!.Did };
        }

        var (subnet, sid) = await SubnetAsync(question, filters, cancellationToken).ConfigureAwait(false);
        if (filters.ResponseData is not null && subnet is not null)
        {
            // Rows cut down to some fields do not say where they belong: the appliance has to select them.
            filters = filters with { ViewSubnet = sid ?? throw NotSelectable(question) };
        }

        return new Ask
        {
            Tool = question.Tool,
            Window = question.Window,
            IsRelative = question.IsRelative,
            Refresh = question.Refresh,
            Filters = filters,
            RowFilters = tool.IntExt is { } implied ? filters with { IntExt = implied } : filters,
            Focus = focus,
            Subnet = subnet,
            SubnetId = sid,
            WantsSeries = tool.WantsSeries,
            WantsOutside = tool.WantsOutside,
            WantsOwnBytes = tool.WantsOwnBytes,
            Rows = TrafficDesk.Limit(question),
        };
    }

    private async Task<DeviceFocus?> FocusAsync(Question question, NetworkQuery filters, bool wantsDetails, CancellationToken cancellationToken)
    {
        if (question.Hostname is { } name)
        {
            return Focus(await FindOneAsync(name.Trim(), cancellationToken).ConfigureAwait(false));
        }

        var address = NetAddress.TryParse(filters.Ip, out var parsed) ? parsed : NetAddress.None;
        if (filters.Did is null && (!address.IsPresent || !wantsDetails))
        {
            return address.IsPresent ? new DeviceFocus(null, [address], null) : null;
        }

        if (memory.MayTry("/devices"))
        {
            try
            {
                var found = await client.GetDevicesAsync(
                    new DevicesQuery { Did = filters.Did, Ip = filters.Did is null ? address.ToString() : null, IncludeTags = true, SeenSince = "365day" }, cancellationToken).ConfigureAwait(false);
                if (found.FirstOrDefault(device => filters.Did is null || device.Did == filters.Did) is { } device)
                {
                    return Focus(device);
                }
            }
            catch (ApplianceException error) when (error.Error is ApplianceError.PermissionDenied or ApplianceError.NotAvailable or ApplianceError.RequestRejected)
            {
                memory.Refused("/devices", error.Happened);
            }
        }

        return new DeviceFocus(filters.Did, address.IsPresent ? [address] : [], null);
    }

    private static ApplianceException NotSelectable(Question question) => new(
        ApplianceError.InvalidArgument,
        $"subnet: the appliance has no subnet {question.Subnet}, and with responsedata only its own can be asked for.",
        "Leave responsedata out, or take a subnet of list_filter_values kind=subnets.");

    private static DeviceFocus Focus(Device device)
    {
        List<NetAddress> addresses = [];
        foreach (var ip in device.Ips)
        {
            if (NetAddress.TryParse(ip, out var address) && !addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        return new DeviceFocus(device.Did, addresses, device.Details);
    }

    private async Task<Device> FindOneAsync(string name, CancellationToken cancellationToken)
    {
        var found = await client.SearchDevicesAsync(new DeviceSearchQuery { Text = name }, 300, cancellationToken).ConfigureAwait(false);
        if (found.Devices.Count == 0)
        {
            found = await client.SearchDevicesAsync(new DeviceSearchQuery { Text = $"*{name}*" }, 300, cancellationToken).ConfigureAwait(false);
        }

        var exact = found.Devices.Where(device => IsNamed(device, name)).ToList();
        var candidates = exact.Count > 0 ? exact : found.Devices;
        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw new ApplianceException(
                ApplianceError.InvalidArgument, $"hostname: the appliance knows no device called {Quote(name)}.", "Call find_devices with a part of the name, an address, a MAC or a label."),
            _ => throw new ApplianceException(
                ApplianceError.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"hostname: {candidates.Count} devices match {Quote(name)}: {string.Join("; ", candidates.Take(Candidates).Select(Describe))}{(candidates.Count > Candidates ? "; ..." : "")}."),
                "Call again with did= of the one that is meant."),
        };
    }

    private static bool IsNamed(Device device, string name) =>
        Same(device.Details.Hostname, name) || Same(device.Details.DeviceLabel, name) || Same(device.Details.MacAddress, name) || device.Ips.Any(ip => Same(ip, name));

    private static bool Same(string? known, string name) => known?.Equals(name, StringComparison.OrdinalIgnoreCase) == true;

    private static string Describe(Device device) =>
        string.Create(CultureInfo.InvariantCulture, $"did {device.Did} {Quote(device.Details.Hostname ?? device.Details.DeviceLabel ?? "unnamed")} {PlainText.Shown(device.Ip ?? "")}").TrimEnd();

    private static string Quote(string text) => $"\"{PlainText.Shown(text)}\"";

    private async Task<(AddressRange? Subnet, long? Sid)> SubnetAsync(Question question, NetworkQuery filters, CancellationToken cancellationToken)
    {
        if (question.Subnet is null && filters.ViewSubnet is null)
        {
            return (null, null);
        }

        IReadOnlyList<SubnetInfo> known = [];
        try
        {
            known = await values.SubnetsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error) when (question.Subnet is not null && error.Error is ApplianceError.PermissionDenied or ApplianceError.NotAvailable)
        {
            // The range itself selects rows; only its id stays unknown.
        }

        if (filters.ViewSubnet is { } sid)
        {
            // Rows are selected here too, so its addresses have to be known.
            var network = known.FirstOrDefault(subnet => subnet.Sid == sid)?.Network;
            return AddressRange.TryParse(network, out var range)
                ? (range, sid)
                : throw new ApplianceException(
                    ApplianceError.InvalidArgument,
                    string.Create(CultureInfo.InvariantCulture, $"viewsubnet: the appliance tells no range of a subnet {sid}."),
                    "Call list_filter_values kind=subnets and take one of those, or give subnet= as a range.");
        }

        return (question.Subnet, known.FirstOrDefault(subnet => AddressRange.TryParse(subnet.Network, out var range) && range == question.Subnet)?.Sid);
    }
}
