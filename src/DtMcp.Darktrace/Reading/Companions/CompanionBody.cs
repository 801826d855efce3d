using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Json;

namespace DtMcp.Darktrace.Reading.Companions;

internal delegate T CompanionParser<out T>(ref Utf8JsonReader reader);

/// <summary>
/// A companion answer, read whole into a bounded buffer: these are small beside /network, but the list of all enums is over 2 MiB.
/// </summary>
internal static class CompanionBody
{
    /// <summary>Sixteen times the list of all enums.</summary>
    internal const int MaxBytes = 32 * 1024 * 1024;

    internal const string CutOff = "was cut off or is not valid JSON";

    private const string Remedy = "Ask again; if it happens again, ask for less (a filter, a category, a shorter time window).";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads the body and gives it to <paramref name="parse"/>, positioned on the first token.</summary>
    internal static async Task<T> ReadAsync<T>(Stream body, CompanionParser<T> parse, CancellationToken cancellationToken)
    {
        var buffer = Buffers.Rent(64 * 1024);
        try
        {
            var length = 0;
            while (await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                length += count;
                if (length > MaxBytes)
                {
                    throw Bad($"is larger than {MaxBytes / (1024 * 1024)} MiB", null);
                }

                if (length == buffer.Length)
                {
                    var larger = Buffers.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    Buffers.Return(buffer);
                    buffer = larger;
                }
            }

            return Parse(buffer.AsSpan(0, length), parse);
        }
        finally
        {
            Buffers.Return(buffer);
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> json, CompanionParser<T> parse)
    {
        var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json, Options);
        try
        {
            reader.Read();
            var answer = parse(ref reader);
            while (reader.Read())
            {
            }

            return answer;
        }
        catch (JsonException error)
        {
            throw Bad(CutOff, error);
        }
    }

    internal static ApplianceException Bad(string what, Exception? error) =>
        new(ApplianceError.BadAnswer, $"The appliance's answer {what}; nothing of it is used.", Remedy, error);
}
