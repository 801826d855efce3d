using System.Globalization;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Darktrace.Values;
using DtMcp.Exporting.Parquet;
using DtMcp.Exporting.Tables;
using DtMcp.Traffic;

namespace DtMcp.Exporting;

/// <summary>
/// Writes the connections of an appliance into files, an hour each. An hour counts once its file and then the manifest have their names:
/// whatever breaks off before is done again.
/// </summary>
internal sealed class Exporter
{
    /// <summary>The kind of files, and how their names end.</summary>
    public const string Format = "parquet";

    private readonly WindowRows _rows;
    private readonly WindowNameEntries _names;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly string _manifestPath;
    private readonly ConnTable _table = new();
    private readonly ExportManifest _manifest;

    /// <param name="rows">Reads them.</param>
    /// <param name="names">Reads the names that go with them.</param>
    /// <param name="appliance">Its name.</param>
    /// <param name="target">The folder of all appliances.</param>
    /// <param name="time">The appliance's clock.</param>
    /// <exception cref="SetupException">The folder holds files of another kind.</exception>
    public Exporter(WindowRows rows, WindowNameEntries names, string appliance, string target, TimeProvider time)
    {
        (_rows, _names, _time) = (rows, names, time);
        _folder = Path.Combine(target, "appliance=" + Escaped(appliance));
        _manifestPath = Path.Combine(_folder, ExportManifest.FileName);
        var known = ExportManifest.Read(_manifestPath);
        if (known is not null && known.Format != Format)
        {
            throw new SetupException($"{_folder} holds files of another kind than {Format}. Give another folder.");
        }

        _manifest = new ExportManifest
        {
            Writer = $"dtmcp {ProgramVersion.Text}",
            Appliance = appliance,
            Format = Format,
            Slices = known?.Slices ?? [],
        };
    }

    /// <summary>Connections of all hours that are there.</summary>
    public long Connections => _manifest.Connections;

    /// <summary>Reads what is not there yet of the hours that a window touches.</summary>
    /// <param name="window">The window.</param>
    /// <param name="told">Hears of each hour, and whether it was read now.</param>
    /// <param name="cancellationToken">Stops within an hour, which is not there then.</param>
    public async Task RunAsync(TimeWindow window, Action<ExportSlice, bool> told, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        using var alone = Alone();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var hour in ExportPlan.Hours(window, now))
        {
            var start = Time(hour.StartMs);
            var known = _manifest.Slices.GetValueOrDefault(start);
            var isDue = ExportPlan.IsDue(hour, known, now) || !IsThere(known!);
            var slice = isDue ? await WriteAsync(hour, known, cancellationToken) : known!;
            if (isDue)
            {
                _manifest.Slices[start] = slice;
                _manifest.Write(_manifestPath);
            }

            told(slice, isDue);
        }
    }

    private async Task<ExportSlice> WriteAsync(TimeWindow hour, ExportSlice? known, CancellationToken cancellationToken)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture, $"date={Time(hour.StartMs):yyyy-MM-dd}/{Time(hour.StartMs):HH}.{Format}");
        var path = Path.Combine(_folder, name);
        var slice = new ExportSlice { From = Time(hour.StartMs), To = Time(hour.EndMs), ReadAt = _time.GetUtcNow() };
        var size = 0L;
        WindowRows.Reading reading;
        using (var stream = WholeFile.Open(path))
        using (var file = new ParquetFile(stream))
        {
            _table.Begin(file);
            reading = await _rows.ReadAsync(hour, _table, cancellationToken);
            slice = slice with { Evidence = reading.Evidence.ToString().ToLowerInvariant(), Notes = reading.Notes };
            if (reading.Cut is null)
            {
                _table.Finish();
                stream.Flush(flushToDisk: true);
                size = stream.Length;
            }
        }

        if (reading.Cut is { } cut)
        {
            // A half hour would be taken for a whole one by whoever reads the files alone. What was read whole before stays.
            WholeFile.Drop(path);
            if (known?.File is not null && IsThere(known))
            {
                return known with { Cut = cut };
            }

            File.Delete(path);
            return slice with { Cut = cut };
        }

        // Before the connections: an hour that has these has its names.
        slice = await WithNamesAsync(slice, hour, path, known, cancellationToken);
        WholeFile.Keep(path);
        return slice with
        {
            File = name,
            Connections = _table.Rows,
            TotalBytes = _table.Bytes,
            TotalPackets = _table.Packets,
            Size = size,
        };
    }

    // Where they cannot be had, those of an earlier reading stay.
    private async Task<ExportSlice> WithNamesAsync(
        ExportSlice slice, TimeWindow hour, string path, ExportSlice? known, CancellationToken cancellationToken)
    {
        using var files = new NameFiles(path);
        var reading = await _names.ReadAsync(hour, files.Write, cancellationToken);
        if (reading.AreRead)
        {
            files.Keep();
        }
        else
        {
            files.Drop();
        }

        return slice with { Names = reading.AreRead ? files.Written : known?.Names, Notes = [.. slice.Notes, .. reading.Notes] };
    }

    private bool IsThere(ExportSlice slice) =>
        new FileInfo(Path.Combine(_folder, slice.File!)) is { Exists: true } file && file.Length == slice.Size;

    // Two writers would name their manifests in turn, each without the other's hours.
    private FileStream Alone()
    {
        try
        {
            return new FileStream(
                Path.Combine(_folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException taken) when (taken is not DirectoryNotFoundException and not PathTooLongException)
        {
            throw new SetupException($"{_folder} cannot be locked, so another export may write there: {taken.Message}");
        }
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    // As Hive writes values into the names of folders.
    private static string Escaped(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in Encoding.UTF8.GetBytes(name))
        {
            _ = char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'-' or (byte)'_' or (byte)'.'
                ? text.Append((char)letter)
                : text.Append(CultureInfo.InvariantCulture, $"%{letter:X2}");
        }

        return text.ToString();
    }
}
