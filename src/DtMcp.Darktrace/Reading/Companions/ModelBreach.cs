using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>An alert of <c>/modelbreaches</c>. <see cref="Score"/> is 0 to 1, <see cref="TimeMs"/> milliseconds since 1970.</summary>
public sealed record ModelBreach
{
    private const long NoDevice = -1;

    public required long Pbid { get; init; }

    public long? TimeMs { get; init; }

    /// <summary>The model's name when it was breached, such as <c>Compromise::Sustained SSL or HTTP Increase</c>.</summary>
    public string? Model { get; init; }

    public string? Category { get; init; }

    public double? Score { get; init; }

    /// <summary>0 to 100: as told, else by the score.</summary>
    public double? PercentScore { get; init; }

    /// <summary>Null when it is not told whether anybody acknowledged it.</summary>
    public bool? IsAcknowledged { get; init; }

    /// <summary>The appliance's page about it, where it was asked for and told.</summary>
    public string? Url { get; init; }

    /// <summary>Null for breaches of no device (system models).</summary>
    public Device? Device { get; init; }

    /// <summary><c>{"pbid":292504,"time":1768466000000,"model":{"then":{"name":"...","category":"Suspicious"},"now":{}},
    /// "score":0.6043,"percentscore":60,"device":{"did":212}}</c>;
    /// <c>minimal</c> answers may name the model directly.</summary>
    internal static ModelBreach? Parse(ref Utf8JsonReader reader)
    {
        long? pbid = null, time = null, created = null;
        double? score = null, percent = null;
        ModelNames model = default;
        bool? acknowledged = null;
        string? url = null;
        Device? device = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "pbid": pbid = JsonFields.Whole(ref reader); break;
                case "time": time = JsonFields.Time(ref reader); break;
                case "creationtime": created = JsonFields.Time(ref reader); break;
                case "score": score = JsonFields.Number(ref reader); break;
                case "percentscore": percent = JsonFields.Number(ref reader); break;
                case "acknowledged": acknowledged = Acknowledged(ref reader); break;
                case "breachurl": url = JsonFields.Text(ref reader); break;
                case "model": model = ParseModel(ref reader); break;
                case "device":
                    device = JsonFields.IsObject(ref reader)
                    && Darktrace.Reading.Companions.Device.Parse(ref reader) is { Did: not NoDevice } told ? told : null; break;
                default: reader.Skip(); break;
            }
        }

        return pbid is not { } known
            ? null
            : new ModelBreach
            {
                Pbid = known,
                TimeMs = time ?? created,
                Model = model.Name,
                Category = model.Category,
                Score = score ?? (percent / 100),
                PercentScore = percent ?? (score * 100),
                IsAcknowledged = acknowledged,
                Url = url,
                Device = device,
            };
    }

    // {"username":"...","time":1768467000000}, false, or absent.
    internal static bool? Acknowledged(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        return JsonFields.Truth(ref reader);
    }

    private readonly record struct ModelNames(string? Name, string? Category);

    private static ModelNames ParseModel(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new ModelNames(JsonFields.Text(ref reader), null);
        }

        ModelNames then = default, now = default;
        string? name = null, category = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "then": then = ParseModel(ref reader); break;
                case "now": now = ParseModel(ref reader); break;
                case "name": name = JsonFields.Text(ref reader); break;
                case "category": category = JsonFields.Text(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new ModelNames(then.Name ?? name ?? now.Name, then.Category ?? category ?? now.Category);
    }
}
