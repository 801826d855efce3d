using System.Text;
using System.Threading.Channels;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// Receives and unpacks a body on one thread while what came before is read on another: pieces of at most so many bytes, a few ahead, in
/// pooled arrays that pass to the reader. An error of the body comes behind the bytes before it.
/// </summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    /// <summary>4 MiB ahead: a burst of the network fills them while a chunk of rows is counted.</summary>
    private const int MaxWaiting = 16;

    /// <summary>Of pages several are read at once, each with as much less ahead.</summary>
    private const int MaxWaitingOfPage = 4;

    private readonly Channel<Piece> _pieces;
    private readonly CancellationTokenSource _stop;
    private readonly Stream _body;
    private readonly int _bytes;
    private readonly Task _receiving;
    private volatile bool _isWanted;

    /// <param name="body">The body; not disposed here.</param>
    /// <param name="bytes">The most bytes of a piece.</param>
    /// <param name="cancellationToken">Stops the receiving.</param>
    public ReadAhead(Stream body, int bytes, CancellationToken cancellationToken)
    {
        (_body, _bytes) = (body, bytes);
        _pieces = Channel.CreateBounded<Piece>(new BoundedChannelOptions(bytes < JsonWindow.UsualBytes ? MaxWaitingOfPage : MaxWaiting)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _receiving = Task.Run(ReceiveAsync, CancellationToken.None);
    }

    /// <summary>Room before the bytes of a piece for what is left of the piece before: a row or two of some hundred bytes.</summary>
    private int Headroom => _bytes / 64;

    /// <summary>The next piece; its array is the caller's. None comes behind the last or a broken one.</summary>
    public async ValueTask<Piece> NextAsync(CancellationToken cancellationToken)
    {
        Piece piece;
        while (!_pieces.Reader.TryRead(out piece))
        {
            _isWanted = true;
            if (!await _pieces.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await _receiving.ConfigureAwait(false);
                throw new InvalidOperationException("The body has ended.");
            }
        }

        _isWanted = false;
        return piece;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_pieces.Reader.TryRead(out var left))
        {
            Buffers.Return(left.Array);
        }

        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            Piece piece;
            do
            {
                piece = await ReceivePieceAsync().ConfigureAwait(false);
                await _pieces.Writer.WriteAsync(piece, _stop.Token).ConfigureAwait(false);
            }
            while (!piece.IsLast && piece.Broken is null);
        }
        finally
        {
            _pieces.Writer.TryComplete();
        }
    }

    // A full one, or an eighth of one when somebody waits for it.
    private async ValueTask<Piece> ReceivePieceAsync()
    {
        var array = Buffers.Rent(Headroom + _bytes + JsonWindow.Padding);
        var piece = new Piece(array, Headroom, 0, false, false, null);
        try
        {
            while (!piece.IsLast && piece.Length < _bytes && !(_isWanted && piece.Length > _bytes / 8))
            {
                var read = await _body.ReadAsync(array.AsMemory(Headroom + piece.Length, _bytes - piece.Length),
                    _stop.Token).ConfigureAwait(false);
                piece = piece with { Length = piece.Length + read, IsLast = read == 0 };
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            piece = piece with { Broken = broken };
        }

        return piece with { IsAscii = Ascii.IsValid(array.AsSpan(piece.Start, piece.Length)) };
    }

    /// <summary>Bytes of the body.</summary>
    /// <param name="Array">Pooled, with <see cref="JsonWindow.Padding"/> bytes of room behind the bytes.</param>
    /// <param name="Start">Where they begin; before it is room.</param>
    /// <param name="Length">How many.</param>
    /// <param name="IsAscii">Whether they are all ASCII, which nearly every body is: nobody has to look for invalid UTF-8 then.</param>
    /// <param name="IsLast">Whether the body ends behind them.</param>
    /// <param name="Broken">Why nothing comes behind them, when the body broke off.</param>
    internal readonly record struct Piece(byte[] Array, int Start, int Length, bool IsAscii, bool IsLast, Exception? Broken);
}
