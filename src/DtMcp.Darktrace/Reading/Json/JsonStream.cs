using System.Text.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// Walks one body through a window, never as a document. A shape names places: some are entered (their keys or elements are asked for in
/// turn), some are taken whole, everything else is stepped over token by token. What is taken whole has to fit into the window: when the
/// window ends inside it, it is rolled back to its first byte and read again after the refill.
/// </summary>
internal static class JsonStream
{
    /// <summary>Deepest nesting of objects and arrays: the reader's own default, and several times what is documented.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads the body to its end; returns the bytes of JSON.</summary>
    public static async Task<long> ReadAsync(
        Stream body, AnswerShape shape, IProgress<ReadProgress>? progress, CancellationToken cancellationToken,
        int windowBytes = JsonWindow.UsualBytes)
    {
        var window = new JsonWindow(body, windowBytes, cancellationToken);
        await using (window.ConfigureAwait(false))
        {
            return await ReadAsync(window, shape, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<long> ReadAsync(JsonWindow window, AnswerShape shape, IProgress<ReadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var walk = new Walk(shape, new JsonReaderState(Options));
        do
        {
            await window.RefillAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                window.Consume(walk.Advance(window.Unread, window.IsFinal));
            }
            catch (JsonException broken)
            {
                throw BadAnswer.NotJson(shape.Rows, window.BytesRead, broken);
            }
            catch (ValueTooLongException)
            {
                throw BadAnswer.TooLong(shape.Rows, window.BytesRead);
            }

            if (shape.Repeated is { } key)
            {
                throw BadAnswer.Repeated(key, shape.Rows, window.BytesRead);
            }

            window.Rows = shape.Rows;
            progress?.Report(new ReadProgress(shape.Rows, window.BytesRead));
        }
        while (!window.IsFinal);
        return window.BytesRead;
    }

    private sealed class Walk(AnswerShape shape, JsonReaderState state)
    {
        private readonly int[] _places = new int[MaxDepth + 1];
        private int _depth;
        private int _value = AnswerShape.Root;
        private int _skipTo = -1;
        private int _taken;

        /// <summary>Reads as far as the text goes; returns the bytes that are done with.</summary>
        public int Advance(ReadOnlySpan<byte> text, bool isFinal)
        {
            var reader = new Utf8JsonReader(text, isFinal, state);
            Span<byte> folded = stackalloc byte[FieldNames.Longest];
            var (before, done) = (0, 0);
            while (reader.Read())
            {
                JsonScalar.Check(ref reader);
                if (_skipTo >= 0)
                {
                    _skipTo = reader.CurrentDepth == _skipTo && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray
                        ? Leave(-1)
                        : _skipTo;
                }
                else if (!TryStep(ref reader, text, folded))
                {
                    break;
                }

                done = (int)reader.BytesConsumed;
                state = reader.CurrentState;
                if (_taken != AnswerShape.Nowhere)
                {
                    // Behind each element of an array the reader's state is the same.
                    var run = shape.Run(_taken, text[done..]);
                    _taken = AnswerShape.Nowhere;
                    if (run > 0)
                    {
                        before += done + run;
                        text = text[(done + run)..];
                        done = 0;
                        reader = new Utf8JsonReader(text, isFinal, state);
                    }
                }
            }

            return before + done;
        }

        private bool TryStep(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, scoped Span<byte> folded)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _value = shape.Key(_places[_depth], folded[..FieldNames.Fold(ref reader, folded)]);
                    return true;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _depth--;
                    Leave(0);
                    return true;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    return TryEnter(ref reader, text);
                case var type when _depth == 0:
                    throw new JsonException($"The answer is a lone {type}.");
                default:
                    shape.TryTake(_value, ref reader, text);
                    Leave(0);
                    return true;
            }
        }

        private bool TryEnter(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
        {
            if (!shape.TryChoose(_value, reader, out var place))
            {
                return false;
            }

            switch (shape.Open(place, reader.TokenType == JsonTokenType.StartArray))
            {
                case Opening.Enter:
                    _places[++_depth] = place;
                    Leave(0);
                    return true;
                case Opening.Take when shape.TryTake(place, ref reader, text):
                    _taken = place;
                    Leave(0);
                    return true;
                case Opening.Take:
                    return false;
                default:
                    _skipTo = reader.CurrentDepth;
                    return true;
            }
        }

        // What comes next is an element of the array around it, or a key that will say.
        private int Leave(int result)
        {
            _value = shape.Element(_places[_depth]);
            return result;
        }
    }
}
