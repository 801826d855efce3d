using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Sharing;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Asks <c>/network</c> for the guide's tables. A device's answer comes in two halves, since its default is the internal one only and
/// <c>intext=external</c> alone adds the peers outside.
/// </summary>
internal sealed class NetworkTables(DarktraceClient client, InvestigatorOptions options, TimeProvider time, CaptureStore store,
    ApplianceMemory memory)
{
    private const string OutsideNames = "/network names";

    private static readonly NetworkQuery OutsideView = new() { IntExt = TrafficSide.External, FullDeviceDetails = true };

    private readonly DeviceDirectory _devices = new(client, options, time, memory);

    public async Task<Gathered> AnswerAsync(Ask ask, List<string> notes, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var meter = new ReadMeter(progress, time, "reading /network");
        var answer = await HalvesAsync(ask, meter, cancellationToken).ConfigureAwait(false);
        var halves = new ConnectivityHalves
        {
            Both = answer.Both?.Connectivity,
            Internal = answer.Internal?.Connectivity,
            External = answer.External?.Connectivity,
        };
        notes.AddRange(Caveats.OfFilters(ask.Filters, halves.All));
        if (ask.WantsOwnBytes && !ask.HasFocus && ask.Subnet is null
            && ask.Filters is { ViewSubnet: null, ResponseData: null, Metric: null })
        {
            var whole = answer.Both ?? answer.Internal ?? answer.External;
            halves = halves with { SubnetViews = await SubnetViewsAsync(ask, whole, notes, cancellationToken).ConfigureAwait(false) };
        }

        Capture[] read = [.. new[] { answer.Both, answer.Internal, answer.External }.OfType<Capture>()];
        notes.AddRange(read.SelectMany(capture => capture.Notes).Distinct());
        return new Gathered
        {
            Evidence = EvidenceKind.Connectivity,
            Tables = halves,
            ReadAt = read.Min(capture => capture.ReadAt),
            Window = new TimeWindow(read.Min(capture => capture.Key.Window.StartMs), read.Min(capture => capture.Key.Window.EndMs)),
            Notes = notes,
        };
    }

    /// <summary>What <c>/network</c> and <c>/devices</c> say of endpoints, for records that hold addresses only. What fails leaves names
    /// out, and says so.</summary>
    public async Task<Names> NamesAsync(Ask ask, CancellationToken cancellationToken)
    {
        var ((outside, failure), (list, missing)) = await Siblings.BothAsync(
            stop => OutsideAsync(ask, stop), stop => _devices.SinceAsync(ask.Window.StartMs, ask.Refresh, stop),
            cancellationToken).ConfigureAwait(false);
        var inside = missing is null || failure is not null ? null : await InsideAsync(ask, cancellationToken).ConfigureAwait(false);
        return new Names([.. new[] { outside, inside }.OfType<Connectivity>()], list, [.. new[] { failure, missing }.OfType<string>()]);
    }

    // Without the list of devices, those that /network names will do.
    private async Task<Connectivity?> InsideAsync(Ask ask, CancellationToken cancellationToken)
    {
        try
        {
            var devices = await OneAsync(ask, OutsideView with { ResponseData = "devices" }, null, cancellationToken).ConfigureAwait(false);
            return devices.Connectivity;
        }
        catch (ApplianceException error) when (error.Error != ApplianceError.Timeout)
        {
            // Why the list is missing is told already.
            return null;
        }
    }

    /// <summary>The devices alone, and why they are missing.</summary>
    public Task<(DeviceList Devices, string? Failure)> DevicesAsync(Ask ask, CancellationToken cancellationToken) =>
        _devices.SinceAsync(ask.Window.StartMs, ask.Refresh, cancellationToken);

    private async Task<(Connectivity? Tables, string? Failure)> OutsideAsync(Ask ask, CancellationToken cancellationToken)
    {
        if (!memory.MayTry(OutsideNames))
        {
            return (null, memory.WhyRefused(OutsideNames));
        }

        try
        {
            // All of it is a hundred times as much, and is read only where it was asked for anyway.
            var kept = ask.Refresh ? null : store.Find(new CaptureKey(ask.Window, OutsideView, Records: false), ask.IsRelative);
            var outside = kept?.Connectivity is not null
                ? kept
                : await OneAsync(ask, OutsideView with { ResponseData = "externaldevices" }, null, cancellationToken).ConfigureAwait(false);
            return (outside.Connectivity, null);
        }
        catch (ApplianceException error)
        {
            var why = $"Names of hosts outside are missing: {error.Happened} {error.Remedy}";
            memory.Remember(OutsideNames, error, why);
            return (null, why);
        }
    }

    private async Task<(Capture? Both, Capture? Internal, Capture? External)> HalvesAsync(Ask ask, ReadMeter meter,
        CancellationToken cancellationToken)
    {
        // The side that a tool implies holds of every view: bytes of both sides could not be told apart afterwards.
        var filters = ask.Filters with { IntExt = ask.RowFilters.IntExt };
        if (filters.ResponseData is not null)
        {
            return (await OneAsync(ask, filters, meter, cancellationToken).ConfigureAwait(false), null, null);
        }

        if (ask.Subnet is not null || filters.ViewSubnet is not null)
        {
            var sid = filters.ViewSubnet ?? ask.SubnetId ?? throw NoSuchSubnet(ask);
            return (await OneAsync(ask, filters with { ViewSubnet = sid }, meter, cancellationToken).ConfigureAwait(false), null, null);
        }

        var side = ask.RowFilters.IntExt;
        var outside = filters with { IntExt = TrafficSide.External, FullDeviceDetails = true };
        if (!ask.HasFocus && side is null)
        {
            meter.Parts = ask.WantsOutside ? 2 : 1;
            var both = await OneAsync(ask, filters with { FullDeviceDetails = true }, meter, cancellationToken).ConfigureAwait(false);
            return (both, null, ask.WantsOutside ? await OneAsync(ask, outside, meter, cancellationToken).ConfigureAwait(false) : null);
        }

        var inside = filters with { IntExt = TrafficSide.Internal, FullDeviceDetails = true };
        switch (side)
        {
            case TrafficSide.Internal:
                return (null, await OneAsync(ask, inside, meter, cancellationToken).ConfigureAwait(false), null);
            case TrafficSide.External:
                return (null, null, await OneAsync(ask, outside, meter, cancellationToken).ConfigureAwait(false));
            default:
                meter.Parts = 2;
                var (one, other) = await Siblings.BothAsync(
                    stop => OneAsync(ask, inside, meter, stop), stop => OneAsync(ask, outside, meter, stop),
                    cancellationToken).ConfigureAwait(false);
                return (null, one, other);
        }
    }

    /// <summary>
    /// Answers about the subnets of the devices that are shown, some at most: an answer about everything does not tell what a device
    /// received and sent itself. When the appliance refuses one, the rest of the answer stands without.
    /// </summary>
    private async Task<IReadOnlyList<Connectivity>> SubnetViewsAsync(Ask ask, Capture? whole, List<string> notes,
        CancellationToken cancellationToken)
    {
        if (whole?.Connectivity is not { } everything)
        {
            return [];
        }

        ask = ask with { Window = whole.Key.Window, IsRelative = false };
        var byNetwork = (everything.Subnets ?? [])
            .Where(subnet => !string.IsNullOrEmpty(subnet.Network)).DistinctBy(subnet => subnet.Network)
            .ToDictionary(subnet => subnet.Network!, subnet => subnet.Sid, StringComparer.Ordinal);
        var asked = (everything.Devices ?? []).OrderByDescending(device => device.Size).Take(ask.Rows)
            .Select(device => device.Network is { } network && byNetwork.TryGetValue(network, out var sid) ? sid : device.Sid)
            .Where(sid => sid > 0).Distinct().Take(Capabilities.MaxSubnets).ToList();
        List<Connectivity> views = [];
        foreach (var sid in asked)
        {
            try
            {
                var filters = ask.Filters with { ViewSubnet = sid, IntExt = ask.RowFilters.IntExt, FullDeviceDetails = null };
                views.Add((await OneAsync(ask, filters, null, cancellationToken).ConfigureAwait(false)).Connectivity!);
            }
            catch (ApplianceException error) when (error.Error != ApplianceError.Timeout)
            {
                notes.Add($"What single devices received and sent is not told: {error.Happened}");
                break;
            }
        }

        return views;
    }

    /// <summary>One answer in tables, the kept one where it will do.</summary>
    private async Task<Capture> OneAsync(Ask ask, NetworkQuery filters, ReadMeter? meter, CancellationToken cancellationToken)
    {
        var key = new CaptureKey(ask.Window, filters with { Window = null }, Records: false);
        var capture = ask.Refresh ? null : store.Find(key, ask.IsRelative);
        if (capture?.Connectivity is null)
        {
            using var attempt = meter?.Attempt();
            capture = await store.ReadAsync(
                ask,
                key,
                givesRows: false,
                async (_, token) =>
                {
                    var answer = await client.GetNetworkAsync(filters with { Window = ask.Window },
                        new FlowSet(options.MaxFlows, maxHosts: options.MaxHosts), attempt, token).ConfigureAwait(false);
                    return new Capture
                    {
                        Key = key,
                        Evidence = EvidenceKind.Connectivity,
                        ReadAt = time.GetUtcNow(),
                        Connectivity = answer.Connectivity ?? new Connectivity(),
                        Notes = Caveats.OfAnswer(answer),
                    };
                },
                null,
                cancellationToken).ConfigureAwait(false);
            attempt?.Keep();
        }

        meter?.PartDone();
        return capture.Connectivity is null ? capture with { Connectivity = new Connectivity() } : capture;
    }

    private static ApplianceException NoSuchSubnet(Ask ask) => new(
        ApplianceError.InvalidArgument,
        $"The appliance has no subnet {ask.Subnet}, and without connection records only its own subnets can be asked.",
        "Call list_filter_values kind=subnets and take one of those.");
}
