using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// <c>/modelbreaches</c>: an array; <c>/modelbreaches/{pbid}</c>: one object. Without a window from the beginning, one year at most.
/// </summary>
internal sealed class ModelBreachesEndpoint(bool one) : IEndpoint
{
    private const long YearMs = 365L * 86_400_000;

    public string Path => one ? "/modelbreaches/" : "/modelbreaches";

    public Permission Needs => Permission.Visualizer | Permission.PlatformAccountsConsole | Permission.ViewModels | Permission.EditModels;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var (records, fields) = (request.Records, ResponseData.OfElements(request));
        var (minimal, url) = (request.Flag("minimal") ?? false, request.Flag("includebreachurl") ?? false);
        if (one)
        {
            var breach = long.TryParse(request.Rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? BreachList.Find(records, number)
                : null;
            fields.Write(answer.Json, breach ?? throw new NotFoundException($"no breach {request.Rest}"),
                (json, breach) => Write(json, records, breach, minimal, url));
            answer.Rows = 1;
            return Task.CompletedTask;
        }

        var (start, end) = request.Window(YearMs);
        var (did, pid, pbid, uuid) = (request.Number("did"), request.Number("pid"), request.Number("pbid"), request.Text("uuid"));
        var least = MinScore(request);
        var acknowledged = request.Flag("includeacknowledged") ?? false;
        answer.Json.WriteStartArray();
        foreach (var breach in records.Breaches)
        {
            if (breach.TimeMs >= start && breach.TimeMs <= end && breach.Score >= least && (acknowledged || breach.AcknowledgedBy is null)
                && (did is null || BreachList.DidOf(records, breach) == did) && (pid is null || breach.Pid == pid)
                && (pbid is null || breach.Pbid == pbid)
                && (uuid is null || uuid.Equals(breach.Uuid, StringComparison.OrdinalIgnoreCase)))
            {
                fields.Write(answer.Json, breach, (json, breach) => Write(json, records, breach, minimal, url));
                answer.Rows++;
            }
        }

        answer.Json.WriteEndArray();
        return Task.CompletedTask;
    }

    private static double MinScore(EndpointRequest request)
    {
        if (request.Text("minscore") is not { } text)
        {
            return 0;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var score) && score <= 1
            ? score
            : throw new InputErrorException($"minscore={text} is not from 0 to 1");
    }

    private static void Write(Utf8JsonWriter json, RecordSet records, ModelBreach breach, bool minimal, bool url)
    {
        json.WriteStartObject();
        if (breach.AcknowledgedBy is { } who)
        {
            json.WriteStartObject("acknowledged");
            json.WriteString("username", who);
            json.WriteNumber("time", breach.TimeMs + 600_000);
            json.WriteEndObject();
        }

        if (!minimal)
        {
            json.WriteNumber("creationTime", breach.TimeMs + 4_000);
        }

        json.WriteNumber("commentCount", 0);
        json.WriteNumber("pbid", breach.Pbid);
        json.WriteNumber("time", breach.TimeMs);
        json.WriteStartObject("model");
        WriteModel(json, "then", breach, minimal);
        WriteModel(json, "now", breach, minimal);
        json.WriteEndObject();
        WriteComponents(json, breach, minimal);
        json.WriteNumber("score", breach.Score);
        if (url)
        {
            json.WriteString("breachUrl", string.Create(CultureInfo.InvariantCulture, $"{ResponseData.Page}#modelbreach/{breach.Pbid}"));
        }

        if (BreachList.DeviceOf(records, breach) is { } device)
        {
            json.WritePropertyName("device");
            DeviceJson.WriteBreached(json, device);
        }

        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, string name, ModelBreach breach, bool minimal)
    {
        json.WriteStartObject(name);
        json.WriteString("name", breach.ModelName);
        json.WriteNumber("pid", breach.Pid);
        json.WriteNumber("phid", breach.Pid + 5_000);
        json.WriteString("uuid", breach.Uuid);
        if (name == "then" && breach.MitreTechniques.Count > 0)
        {
            json.WriteStartObject("mitre");
            WriteTexts(json, "tactics", breach.MitreTechniques.Select(Tactic).Distinct());
            WriteTexts(json, "techniques", breach.MitreTechniques);
            json.WriteEndObject();
        }

        if (!minimal)
        {
            json.WriteString("description", breach.Description);
        }

        json.WriteNumber("priority", breach.Score >= 0.7 ? 4 : 2);
        json.WriteString("category", breach.Category);
        json.WriteBoolean("compliance", breach.ModelName.StartsWith("Compliance::", StringComparison.Ordinal));
        json.WriteEndObject();
    }

    // With minimal=true the components are empty objects.
    private static void WriteComponents(Utf8JsonWriter json, ModelBreach breach, bool minimal)
    {
        json.WriteStartArray("triggeredComponents");
        json.WriteStartObject();
        if (!minimal)
        {
            json.WriteNumber("time", breach.TimeMs);
            json.WriteNumber("cbid", breach.Pbid + 10_000);
            if (breach.Peer is { } peer)
            {
                json.WriteString("ip", peer.ToString());
            }

            if (breach.Port is { } port)
            {
                json.WriteNumber("port", port);
            }
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    // MITRE ATT&CK: the tactic that a technique mostly serves.
    private static string Tactic(string technique) => technique.Split('.')[0] switch
    {
        "T1071" => "command-and-control",
        "T1048" or "T1567" => "exfiltration",
        "T1046" => "discovery",
        "T1021" => "lateral-movement",
        _ => "initial-access",
    };
}
