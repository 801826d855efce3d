namespace DtMcp.Darktrace.Sending;

/// <summary>
/// What replicas of this program that ask the same appliance tell each other of their requests. Where they cannot, each goes by what it
/// knows itself.
/// </summary>
public interface ISharedAppliance
{
    /// <summary>
    /// Waits for a place among the requests at once of all replicas; it is given back by disposing of what is returned, once. Whoever does
    /// not live to do so loses it after some seconds.
    /// </summary>
    Task<SharedPlace> EnterAsync(CancellationToken cancellationToken);

    /// <summary>This replica leaves the appliance alone from now on, for a while.</summary>
    void Opened(CircuitOpening opening);

    /// <summary>The appliance has answered this replica, though it was to be left alone.</summary>
    void Closed();
}

/// <summary>A replica's word that the appliance does not answer.</summary>
/// <param name="Id">The same for as long as the appliance has not answered that replica.</param>
/// <param name="Failures">Requests that came to nothing, in a row.</param>
/// <param name="Code">The code of the last failure.</param>
public sealed record CircuitOpening(string Id, int Failures, string Code);

/// <summary>A place among the requests of all replicas.</summary>
/// <param name="opening">What another replica says of the appliance; null for nothing.</param>
/// <param name="leave">Gives the place back; null where there is none to give.</param>
public sealed class SharedPlace(CircuitOpening? opening, Action? leave) : IDisposable
{
    private Action? _leave = leave;

    /// <summary>What another replica says of the appliance; null for nothing.</summary>
    public CircuitOpening? Opening => opening;

    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
