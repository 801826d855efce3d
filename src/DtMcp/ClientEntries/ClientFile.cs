using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Configuration;

namespace DtMcp.ClientEntries;

/// <summary>Puts a block into a client's configuration beside what is there.</summary>
internal static class ClientFile
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = Encoder };

    private static System.Text.Encodings.Web.JavaScriptEncoder Encoder =>
        System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>What the file is to hold.</summary>
    /// <param name="form">Its form.</param>
    /// <param name="before">What it holds; null when there is none.</param>
    /// <param name="block">The block of <see cref="ClientBlock"/>.</param>
    /// <exception cref="SetupException">The file cannot be changed without losing something.</exception>
    public static string Merge(ClientForm form, string? before, string block)
    {
        if (string.IsNullOrWhiteSpace(before))
        {
            return block;
        }

        return form switch
        {
            ClientForm.Toml when before.Contains($"[mcp_servers.{ServerEntry.Name}", StringComparison.Ordinal) =>
                throw Cannot("has an entry"),
            ClientForm.Toml => $"{before.TrimEnd()}\n\n{block}",
            ClientForm.Yaml => throw Cannot("is YAML"),
            _ => MergeJson(before, block),
        };
    }

    /// <summary>Writes it whole or not at all; only the user may read a new one.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = path + ".dtmcp-new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.Exists(path) ? File.GetUnixFileMode(path) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(next, options))
        {
            writer.Write(text);
        }

        File.Move(next, path, overwrite: true);
    }

    private static string MergeJson(string before, string block)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(before) as JsonObject ?? throw Cannot("is no JSON object");
        }
        catch (JsonException)
        {
            throw Cannot("is no plain JSON (comments would be lost)");
        }

        foreach (var (section, added) in JsonNode.Parse(block)!.AsObject().ToList())
        {
            if (added is JsonArray inputs)
            {
                var ids = inputs.Select(input => (string?)input!["id"]).ToHashSet();
                var kept = (root[section] as JsonArray ?? []).Where(input => !ids.Contains((string?)input?["id"]));
                root[section] = new JsonArray([.. kept.Concat(inputs).Select(input => input?.DeepClone())]);
                continue;
            }

            var servers = root[section] switch
            {
                null => new JsonObject(),
                JsonObject there => there,
                _ => throw Cannot($"has no object in {section}"),
            };
            servers[ServerEntry.Name] = added!.AsObject()[ServerEntry.Name]!.DeepClone();
            root[section] = servers.Parent is null ? servers : servers.DeepClone();
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            root.WriteTo(json);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static SetupException Cannot(string why) => new($"The client's configuration {why}. Put the block into it by hand.");
}
