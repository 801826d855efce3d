using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Questions;

/// <summary>
/// Turns what people say (a host name, a subnet's label, a protocol's name) into what <c>/network</c> takes, before anything is asked of
/// it.
/// </summary>
internal sealed class Resolver(DarktraceClient client, FilterValues values, ApplianceMemory memory, InternalRanges inside)
{
    private const int Candidates = 8;
    private const string Devices = "/devices";

    public async Task<Ask> ResolveAsync(Question question, CancellationToken cancellationToken)
    {
        var needs = question.Investigation.Needs;
        var filters = question.Filters;
        List<string> notes = [];
        if (question.Hostname is not null && filters.Ip is { } ip && inside.IsDevice(ip))
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument,
                $"hostname and ip both mean a device: {ip} is inside.",
                "Give one of them, or did and ip for the traffic between a device and that address.");
        }

        filters = filters with
        {
            Protocol = await values.CheckAsync(FilterKind.Protocols, filters.Protocol, notes, cancellationToken).ConfigureAwait(false),
            Metric = await values.CheckMetricAsync(filters.Metric, notes, cancellationToken).ConfigureAwait(false),
            ApplicationProtocol = await values.CheckAsync(FilterKind.ApplicationProtocols, filters.ApplicationProtocol, notes,
                cancellationToken).ConfigureAwait(false),
        };
        if (question.SubnetName is { } label)
        {
            filters = filters with { ViewSubnet = await values.SubnetIdAsync(label, cancellationToken).ConfigureAwait(false) };
        }

        var focus = await FocusAsync(question, filters, needs.IsAboutDevice, notes, cancellationToken).ConfigureAwait(false);
        if (question.Hostname is not null)
        {
            filters = filters with { Did = focus!.Did };
        }

        var (subnet, sid) = await SubnetAsync(question, filters, notes, cancellationToken).ConfigureAwait(false);
        if (filters.ResponseData is not null && subnet is not null)
        {
            // Rows cut down to some fields do not say where they belong: the appliance has to select them.
            filters = filters with { ViewSubnet = sid ?? throw NotSelectable(question) };
        }

        return new Ask
        {
            Window = question.Window,
            IsRelative = question.IsRelative,
            Refresh = question.Refresh,
            Evidence = question.Evidence,
            Filters = filters,
            RowFilters = needs.IntExt is { } implied ? filters with { IntExt = implied } : filters,
            Conditions = question.Conditions,
            Focus = focus,
            Subnet = subnet,
            SubnetId = sid,
            WantsSeries = needs.WantsSeries,
            WantsOutside = needs.WantsOutside,
            WantsOwnBytes = needs.WantsOwnBytes,
            Rows = PageRows.Of(question),
            Notes = notes,
        };
    }

    private async Task<DeviceFocus?> FocusAsync(Question question, NetworkQuery filters, bool wantsDetails, List<string> notes,
        CancellationToken cancellationToken)
    {
        var startMs = question.Window.StartMs;
        if (question.Hostname is { } name)
        {
            var named = await FindOneAsync(name.Trim(), startMs, cancellationToken).ConfigureAwait(false);
            return DeviceFocus.Of(named, named.Did, startMs);
        }

        var address = filters.Ip ?? NetAddress.None;
        if (filters.Did is null && (!address.IsPresent || !wantsDetails))
        {
            return address.IsPresent ? new DeviceFocus(null, [address], null) : null;
        }

        if (filters.Did is { } did)
        {
            var device = (await DevicesAsync(new DevicesQuery { Did = did }, notes,
                cancellationToken).ConfigureAwait(false)).FirstOrDefault(device => device.IsOf(did));
            return device is not null
                ? DeviceFocus.Of(device, did, startMs)
                : new DeviceFocus(did, address.IsPresent ? [address] : [], null);
        }

        var holders = Holders(await DevicesAsync(new DevicesQuery { Ip = address }, notes,
            cancellationToken).ConfigureAwait(false), address, startMs);
        if (holders.Count > 1)
        {
            notes.Add(
                $"{address} is the address of {holders.Count.ToString(CultureInfo.InvariantCulture)} devices: " +
                $"{string.Join("; ", holders.Take(Candidates).Select(Describe))}. Figures are of the address; call again with did= of " +
                $"the one that is meant.");
        }

        // By its address alone: the other addresses of the device were not asked for.
        return holders is [var holder] ? new DeviceFocus(holder.Did, [address], holder.Details) : new DeviceFocus(null, [address], null);
    }

    private async Task<IReadOnlyList<Device>> DevicesAsync(DevicesQuery query, List<string> notes, CancellationToken cancellationToken)
    {
        if (memory.MayTry(Devices))
        {
            try
            {
                return await client.GetDevicesAsync(query with { IncludeTags = true, SeenSince = "365day" },
                    cancellationToken).ConfigureAwait(false);
            }
            catch (ApplianceException error)
            {
                memory.Remember(Devices, error, $"Names of devices are missing: {error.Happened} {error.Remedy}");
                notes.Add($"What the device is, is missing: {error.Happened} {error.Remedy}");
            }
        }

        return [];
    }

    private static ApplianceException NotSelectable(Question question) => new(
        ApplianceError.InvalidArgument,
        $"subnet: the appliance has no subnet {question.Subnet}, and with responsedata only its own can be asked for.",
        "Leave responsedata out, or take a subnet of list_filter_values kind=subnets.");

    // Those that had the address in the window; who has it now wins, and one device that two masters see is one.
    private static List<Device> Holders(IReadOnlyList<Device> found, NetAddress address, long startMs)
    {
        var holders = found.Where(device => Address(device) is { } told && told.MayHoldSince(startMs)).ToList();
        var present = holders.Where(device => Address(device)!.Value.IsPresent).ToList();
        return Distinct(present.Count > 0 ? present : holders);

        HeldAddress? Address(Device device)
        {
            var told = device.Addresses.Where(told => told.Address == address).ToList();
            return told.Count == 0 ? null : told[0];
        }
    }

    private static List<Device> Distinct(IReadOnlyList<Device> devices)
    {
        List<Device> distinct = [];
        foreach (var device in devices)
        {
            if (!distinct.Exists(device.IsSame))
            {
                distinct.Add(device);
            }
        }

        return distinct;
    }

    private async Task<Device> FindOneAsync(string name, long startMs, CancellationToken cancellationToken)
    {
        var found = await client.SearchDevicesAsync(new DeviceSearchQuery { Text = name }, 300, cancellationToken).ConfigureAwait(false);
        if (found.Devices.Count == 0)
        {
            found = await client.SearchDevicesAsync(new DeviceSearchQuery { Text = $"*{name}*" }, 300,
                cancellationToken).ConfigureAwait(false);
        }

        var exact = found.Devices.Where(device => IsNamed(device, name, startMs)).ToList();
        var candidates = Distinct(exact.Count > 0 ? exact : found.Devices);
        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw new ApplianceException(
                ApplianceError.InvalidArgument, $"hostname: the appliance knows no device called {Quote(name)}.",
                "Call find_devices with a part of the name, an address, a MAC or a label."),
            _ => throw new ApplianceException(
                ApplianceError.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture,
                    $"hostname: {candidates.Count} devices match {Quote(name)}: " +
                    $"{string.Join("; ", candidates.Take(Candidates).Select(Describe))}{(candidates.Count > Candidates ? "; ..." : "")}."),
                "Call again with did= of the one that is meant."),
        };
    }

    private static bool IsNamed(Device device, string name, long startMs) =>
        Same(device.Details.Hostname, name) || Same(device.Details.DeviceLabel, name) || Same(device.Details.MacAddress, name)
        || device.Addresses.Any(address => Same(address.Ip, name) && address.MayHoldSince(startMs));

    private static bool Same(string? known, string name) => known?.Equals(name, StringComparison.OrdinalIgnoreCase) == true;

    private static string Describe(Device device) =>
        string.Create(CultureInfo.InvariantCulture,
            $"did {device.Did} {Quote(device.Details.Hostname ?? device.Details.DeviceLabel ?? "unnamed")} " +
            $"{PlainText.Shown(device.Ip ?? "")}").TrimEnd();

    private static string Quote(string text) => $"\"{PlainText.Shown(text)}\"";

    private async Task<(AddressRange? Subnet, long? Sid)> SubnetAsync(Question question, NetworkQuery filters, List<string> notes,
        CancellationToken cancellationToken)
    {
        if (question.Subnet is null && filters.ViewSubnet is null)
        {
            return (null, null);
        }

        IReadOnlyList<SubnetInfo>? known = null;
        try
        {
            known = await values.SubnetsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error) when (question.Subnet is not null || memory.NetworkDialect != NetworkDialect.Rows)
        {
            // A range selects rows by itself and an id tables by itself; only what they are to each other stays unknown.
            notes.Add($"The appliance's subnets are missing: {error.Happened} {error.Remedy}");
        }

        if (filters.ViewSubnet is { } sid)
        {
            // Rows are selected here too, so its addresses have to be known.
            var network = known?.FirstOrDefault(subnet => subnet.Sid == sid)?.Network;
            return AddressRange.TryParse(network, out var range) ? (range, sid)
                : known is null ? (null, sid)
                : throw new ApplianceException(
                    ApplianceError.InvalidArgument,
                    string.Create(CultureInfo.InvariantCulture, $"viewsubnet: the appliance tells no range of a subnet {sid}."),
                    "Call list_filter_values kind=subnets and take one of those, or give subnet= as a range.");
        }

        return (question.Subnet,
            known?.FirstOrDefault(subnet => AddressRange.TryParse(subnet.Network, out var range) && range == question.Subnet)?.Sid);
    }
}
