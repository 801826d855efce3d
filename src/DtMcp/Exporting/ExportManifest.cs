using System.Text.Json;
using System.Text.Json.Serialization;
using DtMcp.Configuration;

namespace DtMcp.Exporting;

/// <summary>What stands beside the files of an appliance: which hours are there, from which evidence, and which are not.</summary>
internal sealed record ExportManifest
{
    public const string FileName = "manifest.json";

    public required string Writer { get; init; }

    public required string Appliance { get; init; }

    /// <summary>The kind of its files.</summary>
    public required string Format { get; init; }

    /// <summary>Connections of all files.</summary>
    public long Connections => Slices.Values.Sum(static slice => slice.Connections);

    /// <summary>By the start of their hour.</summary>
    public SortedDictionary<DateTimeOffset, ExportSlice> Slices { get; init; } = [];

    /// <summary>Null where there is none.</summary>
    /// <exception cref="SetupException">It is not one.</exception>
    public static ExportManifest? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.ExportManifest) : null;
        }
        catch (JsonException broken)
        {
            throw new SetupException($"{path} is no manifest of an export: {broken.Message} Move it away: then all hours are read anew.");
        }
    }

    /// <summary>Writes it aside first: there is an old or a new one at any time.</summary>
    public void Write(string path) =>
        WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, this, ManifestJson.Default.ExportManifest));
}

/// <summary>An hour, or what there is of one that has not ended.</summary>
internal sealed record ExportSlice
{
    /// <summary>Below the appliance's folder; null where nothing was written.</summary>
    public string? File { get; init; }

    /// <summary>The first and the last start that is meant, both inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required DateTimeOffset ReadAt { get; init; }

    public string? Evidence { get; init; }

    public long Connections { get; init; }

    public long TotalBytes { get; init; }

    public long TotalPackets { get; init; }

    /// <summary>Names in the files beside it; null where they could not be had.</summary>
    public long? Names { get; init; }

    /// <summary>Bytes of the file.</summary>
    public long Size { get; init; }

    /// <summary>Why the last reading gave no file: there is none, or the one of an earlier reading.</summary>
    public string? Cut { get; init; }

    /// <summary>What the figures are worth.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
