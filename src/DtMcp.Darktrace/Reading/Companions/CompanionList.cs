using System.Text.Json;
using DtMcp.Darktrace.Reading.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>
/// A companion answer that may be a very long list (an estate has 240,000 devices), read element by element: no more than one element
/// and a piece of the body are
/// held. A lone value stands for a list of one.
/// </summary>
internal sealed class CompanionList(ElementReader each)
{
    internal const int MaxBytes = CompanionBody.MaxBytes;

    /// <summary>As much as the pool gives without growing, and many devices at once.</summary>
    private const int Piece = 256 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private Place _place = Place.Start;

    private enum Place
    {
        Start,
        BeforeFirst,
        BeforeElement,
        AfterElement,
        Ended,
    }

    /// <summary>Gives each element to <paramref name="each"/> as soon as it is there; when it throws, nothing that was given is to be
    /// used.</summary>
    internal static async Task ReadAsync(Stream body, ElementReader each, CancellationToken cancellationToken)
    {
        var list = new CompanionList(each);
        var buffer = Buffers.Rent(Piece);
        try
        {
            var length = 0;
            while (true)
            {
                var count = await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += count;
                var used = list.Take(buffer.AsSpan(0, length), isLast: count == 0);
                if (count == 0)
                {
                    if (list._place != Place.Ended)
                    {
                        throw CompanionBody.Bad(CompanionBody.CutOff, null);
                    }

                    return;
                }

                buffer.AsSpan(used, length - used).CopyTo(buffer);
                length -= used;
                if (length == buffer.Length)
                {
                    if (length >= MaxBytes)
                    {
                        throw CompanionBody.Bad($"has an element larger than {MaxBytes / (1024 * 1024)} MiB", null);
                    }

                    var larger = Buffers.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    Buffers.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch (JsonException error)
        {
            throw CompanionBody.Bad(CompanionBody.CutOff, error);
        }
        finally
        {
            Buffers.Return(buffer);
        }
    }

    // Takes what is whole; returns how many bytes that were.
    private int Take(ReadOnlySpan<byte> json, bool isLast)
    {
        if (_place == Place.Start && json.Length < 3 && !isLast)
        {
            return 0;
        }

        var at = _place == Place.Start && json.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (true)
        {
            at += json[at..].IndexOfAnyExcept(" \t\r\n"u8) is var blank and >= 0 ? blank : json.Length - at;
            if (at == json.Length)
            {
                return at;
            }

            switch (_place)
            {
                case Place.Start when json[at] == '[':
                    (_place, at) = (Place.BeforeFirst, at + 1);
                    break;
                case Place.BeforeFirst or Place.AfterElement when json[at] == ']':
                    (_place, at) = (Place.Ended, at + 1);
                    break;
                case Place.AfterElement when json[at] == ',':
                    (_place, at) = (Place.BeforeElement, at + 1);
                    break;
                case Place.Start or Place.BeforeFirst or Place.BeforeElement:
                    if (Element(json[at..], isLast) is not (> 0 and var length))
                    {
                        return at;
                    }

                    at += length;
                    _place = _place == Place.Start ? Place.Ended : Place.AfterElement;
                    break;
                default:
                    throw new JsonException();
            }
        }
    }

    // The length of the value that begins here, or 0 when it is not whole yet.
    private int Element(ReadOnlySpan<byte> json, bool isLast)
    {
        // Of a last piece the reader wants to see the end of the value itself: what stands behind it is looked at by the caller.
        var reader = new Utf8JsonReader(json, isFinalBlock: isLast && _place == Place.Start, new JsonReaderState(Options));
        if (!reader.Read() || !reader.TrySkip())
        {
            return 0;
        }

        var length = (int)reader.BytesConsumed;
        var element = new Utf8JsonReader(json[..length], Options);
        element.Read();
        each(ref element);
        while (element.Read())
        {
        }

        return length;
    }
}

/// <summary>Takes the element under the reader.</summary>
internal delegate void ElementReader(ref Utf8JsonReader element);
