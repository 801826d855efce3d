namespace DtMcp.Simulator.Endpoints.AiAnalyst;

/// <summary>
/// What both endpoints select by: a window of the last seven days unless told, of which either bound may stand alone; pinned ones come
/// whatever the window unless <c>includeallpinned=false</c>.
/// </summary>
internal static class IncidentQuery
{
    private const long WeekMs = 7L * 86_400_000;

    public static IReadOnlyList<Incident> Of(EndpointRequest request)
    {
        var end = request.Number("endtime", 0) ?? request.Appliance.NowMs;
        var start = request.Number("starttime", 0) ?? (end - WeekMs);
        if (start > end)
        {
            throw new InputErrorException("the window ends before it starts");
        }

        var (did, sid, uuid, group) = (request.Number("did"), request.Number("sid"), request.Text("uuid"), request.Text("groupid"));
        var (least, most) = (request.Number("minscore", 0, 100) ?? 0, request.Number("maxscore", 0, 100) ?? 100);
        var (acknowledged, pinned) = (request.Flag("includeacknowledged") ?? false, request.Flag("includeallpinned") ?? true);
        return
        [
            .. Incident.Of(request.Records).Where(incident =>
                ((incident.LastMs >= start && incident.FirstMs <= end) || (pinned && incident.IsPinned))
                && (did is null || incident.Device?.Did == did) && (sid is null || incident.Device?.Sid == sid)
                && incident.Score >= least && incident.Score <= most
                && (acknowledged || incident.Breach.AcknowledgedBy is null)
                && (uuid is null || uuid == incident.Id) && (group is null || group == incident.Group)),
        ];
    }
}
