using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// <c>/details</c>: connections one by one, newest first, without bytes. Needs <c>did</c>, <c>pbid</c>, <c>msg</c> or
/// <c>blockedconnections</c>;
/// <c>count</c> never goes with <c>from</c> or <c>starttime</c>.
/// </summary>
internal sealed class DetailsEndpoint : IEndpoint
{
    private const long Hour = 3_600_000;

    public string Path => "/details";

    public Permission Needs => Permission.Visualizer | Permission.PlatformAccountsConsole;

    public async Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        if (!request.Has("did") && !request.Has("pbid") && !request.Has("msg") && !request.Has("blockedconnections"))
        {
            throw new InputErrorException("did, pbid, msg or blockedconnections is needed");
        }

        var kind = request.Text("eventtype")?.ToUpperInvariant() ?? "CONNECTION";
        var (fields, writer) = (ResponseData.OfElements(request),
            new DetailsJson(request.Records, request.Appliance.NowMs, request.Flag("fulldevicedetails") ?? false));
        var (most, ascending) = (request.Number("count", 1) ?? long.MaxValue,
            request.Text("order")?.Equals("asc", StringComparison.OrdinalIgnoreCase) ?? false);
        var filter = FilterOf(request);
        var rows = kind switch
        {
            "CONNECTION" or "UNUSUALCONNECTION" or "NEWCONNECTION" => Rows(request, filter, kind),
            "NOTICE" or "DEVICEHISTORY" => [],
            "MODELBREACH" => null,
            _ => throw new InputErrorException("eventtype is none of the known ones"),
        };
        var json = answer.Json;
        json.WriteStartArray();
        if (rows is null)
        {
            foreach (var breach in Breaches(request, filter).Take((int)Math.Min(most, int.MaxValue)))
            {
                fields.Write(json, breach, DetailsJson.WriteBreach);
                answer.Rows++;
            }
        }
        else
        {
            var count = (int)Math.Min(rows.Count, most);
            for (var i = 0; i < count; i++)
            {
                // The newest so many, in either order.
                var number = ascending ? rows[rows.Count - count + i] : rows[rows.Count - 1 - i];
                fields.Write(json, (number, filter.Did), writer.WriteConnection);
                answer.Rows++;
                await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        json.WriteEndArray();
    }

    private static Filter FilterOf(EndpointRequest request)
    {
        Filter filter;
        if (request.Has("count"))
        {
            if (request.Has("from") || request.Has("starttime"))
            {
                throw new InputErrorException("count does not go with a window");
            }

            filter = request.Filter(request.Appliance.NowMs, ignoreTimes: true);
            filter = filter with { EndMs = request.Number("endtime", 0) ?? filter.EndMs };
        }
        else
        {
            filter = request.Filter();
        }

        filter = (request.Number("ddid"), request.Number("odid")) switch
        {
            (null, 0) => filter with { Internal = false },
            (null, { } other) => filter with { PeerDid = other },
            _ => filter,
        };
        if (request.Number("pbid") is not { } pbid)
        {
            return filter;
        }

        var records = request.Records;
        var breach = BreachList.Find(records, pbid) ?? throw new NotFoundException($"no breach {pbid}");
        return filter with
        {
            StartMs = request.Has("from") || request.Has("starttime") ? filter.StartMs : breach.TimeMs - (24 * Hour),
            EndMs = request.Has("from") || request.Has("starttime") ? filter.EndMs : breach.TimeMs,
            Did = BreachList.DidOf(records, breach) ?? 0,
            Ip = breach.Peer ?? filter.Ip,
            DestinationPort = breach.Port ?? filter.DestinationPort,
        };
    }

    private static List<int> Rows(EndpointRequest request, Filter filter, string kind)
    {
        var records = request.Records;
        if (request.Has("msg") || request.Has("blockedconnections"))
        {
            return [];
        }

        var (host, uid, once) = (request.Text("externalhostname"), request.Text("uid"), request.Flag("deduplicate") ?? false);
        var rows = new List<int>();
        var seen = new HashSet<(int, int, long)>();
        if (kind == "NEWCONNECTION")
        {
            foreach (var number in new Selection(records, filter with { StartMs = 0, EndMs = filter.StartMs - 1 }))
            {
                seen.Add((records.Rows[number].Source, records.Rows[number].Destination, 0));
            }
        }

        foreach (var number in new Selection(records, filter))
        {
            ref readonly var row = ref records.Rows[number];
            if ((host is null || IsHost(records, row.Source, host) || IsHost(records, row.Destination, host))
                && (uid is null || records.Uid(number) == uid)
                && (kind != "UNUSUALCONNECTION" || IsUnusual(records, row))
                && (kind != "NEWCONNECTION" || seen.Add((row.Source, row.Destination, 0)))
                && (!once || seen.Add((row.Source, row.Destination, row.StartMs / Hour))))
            {
                rows.Add(number);
            }
        }

        return rows;
    }

    private static IEnumerable<ModelBreach> Breaches(EndpointRequest request, Filter filter) =>
        request.Records.Breaches.Where(breach => breach.TimeMs >= filter.StartMs && breach.TimeMs <= filter.EndMs
            && (filter.Did is null || BreachList.DidOf(request.Records, breach) == filter.Did)).OrderByDescending(breach => breach.TimeMs);

    private static bool IsHost(RecordSet records, int place, string host) =>
        !records.IsInternal(place)
            && host.Equals(records.Outside.GetValueOrDefault(records.Addresses[place])?.Hostname, StringComparison.OrdinalIgnoreCase);

    private static bool IsUnusual(RecordSet records, in ConnectionRecord row)
    {
        var (source, destination) = (records.Addresses[row.Source], records.Addresses[row.Destination]);
        foreach (var breach in records.Breaches)
        {
            if (breach.Peer is { } peer
                && ((breach.Device == source && peer == destination) || (breach.Device == destination && peer == source)))
            {
                return true;
            }
        }

        return false;
    }
}
