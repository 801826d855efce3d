using System.Text.Encodings.Web;
using System.Text.Json;

namespace DtMcp.Tests.Tools;

/// <summary>JSON and text kept beside the tests; UPDATE_SNAPSHOTS=1 writes them anew.</summary>
internal static class Snapshot
{
    public static void Matches(string place, JsonElement value) => Matches(place, Indented(value));

    public static void Matches(string place, string text)
    {
        var project = FindUpward("tests/DtMcp.Tests/DtMcp.Tests.csproj");
        Assert.SkipWhen(project is null, "The sources are not beside the tests.");
        var path = Path.Combine(Path.GetDirectoryName(project)!, place);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{place} is missing: run with UPDATE_SNAPSHOTS=1.");
        Assert.Equal(File.ReadAllText(path), text);
    }

    /// <summary>A file in a folder above the tests' own, or null.</summary>
    public static string? FindUpward(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, path);
            if (File.Exists(file))
            {
                return file;
            }

            if (File.Exists(Path.Combine(folder.FullName, "DtMcp.sln")))
            {
                return null;
            }
        }

        return null;
    }

    private static string Indented(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
        {
            value.WriteTo(json);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
