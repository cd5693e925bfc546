"""More scenes that show what a look shows, as people describe them who do not know its name."""

from vgan.training.words.names import phrases

SCENES: dict[str, tuple[str, ...]] = {
    "aurora": phrases(
        """what you see in the sky near the north pole | a tour to see the lights in yellowknife | lights over
        greenland | a starry sky with bands of light | glowing gas in the upper atmosphere | a winter night sky in
        sweden full of light | magnetic storm in the sky | the sky over svalbard | a huge green light in the night
        sky | ghost lights over the tundra | a sky curtain | light rays high above the ice | heavenly fire over the
        snow | shimmering bands over spitsbergen | a night in reykjavik with lights above | dancing lights of the
        far north | space weather seen from the ground | luminous night sky veils | vertical rays of light in the
        dark sky | the sky glows over an igloo"""
    ),
    "silk": phrases(
        """a bridal veil | a skirt that swings | cloth laid in folds | laundry on a line | a ball gown | a cape | a
        magician's handkerchief | a ribbon of fabric | a bed with soft sheets | a cotton sheet in the breeze |
        upholstery fabric | nylon fabric | the lining of a coat | a hanging tapestry without pattern | a shirt
        sleeve | organza | wavy cloth | brocade | a dancer's dress | a spinnaker sail | smooth textile waves | a
        folded towel | crumpled cloth | a stage drape | fashion fabric close up | a banner in the breeze | tulle |
        elegant cloth | a blanket | lingerie fabric"""
    ),
    "ink": phrases(
        """a cloud of dye under water | a fountain pen leaking into water | tea leaking out of a bag | blue colour
        spreading in a jar | fumes | steam from incense | a puff of smoke | colour powder in water | a genie out of
        a bottle | a cigar's smoke | watercolour | a wash of paint | black paint sinking in water | soy sauce in
        water | a smoky swirl | an artist's ink drawing | a spill of ink | tusche | a squid's cloud | beetroot juice
        in yoghurt | dissolving colour | a drop that spreads in liquid | ink feathers | mascara running | ink
        strands in a tank | paint mist under water | a smoke machine | exhaust fumes"""
    ),
    "liquid": phrases(
        """honey like flow | a flowing colour field | a smooth blend of colours | soft blobs that merge | warm wax
        floating up | paint being stirred | melted chocolate | melted ice cream | a puddle of petrol | mixing paints
        | an abstract gradient | app background gradient | plasma screen saver | jelly blobs | shampoo | thick cream
        | flowing resin | resin art | caramel sauce | a smooth wash from one colour to another | molten plastic |
        swimming amoebas | soft shapes that merge | liquid light show | nail polish being poured | a melting candle
        close up | blurred colour fields | glossy fluid | yoghurt with juice | slow thick paint"""
    ),
    "caustics": phrases(
        """light playing on a pool bottom | the sun shining into the water | what fish see when they look at the
        sand | bright lines on a pool floor | rays on a reef | the ground of a clear stream in the sun | light
        through a glass of water | the shine on the ceiling of an indoor pool | crystal clear water over tiles |
        wobbling lines of light | underwater in a cenote | a hot tub from above | a mermaid's view | glimmering in a
        grotto | focused light through rippled water | light on a hull from the water | water light on rocks | the
        bottom of a fountain with coins | diving in the sun | sunlit shallow water | light net on blue ground"""
    ),
    "bokeh": phrases(
        """the lights of a city through a wet window | fuzzy dots of light | a blurry christmas market | a photo
        with a fast lens | lights I cannot see sharply | big soft spots | a concert crowd's phone lights, blurred |
        a blurred party at night | blurred garden lights | sparkly background for a portrait | glitter without focus
        | rain drops on a window with lights behind | large aperture lights | f/1.4 background | defocus | soap
        bubbles of light | traffic at night, unsharp | blurred chandelier | lantern festival, unfocused | roundish
        glows | shallow focus | soft lights in the background | car lights in the distance, blurred | a romantic
        dinner's background lights"""
    ),
    "marble": phrases(
        """a kitchen worktop | a bathroom tile of stone | a cathedral floor | a column of a temple | a tombstone
        surface | rock with lines | a polished gem | an opal | amber stone | a stone from the riverbed, cut | layers
        in a canyon wall | slate | limestone | travertine | a fossil stone | the pattern of a stone slab | a stone
        fireplace surround | luxury stone wallpaper | terrazzo | veiny rock | soapstone | a cut geode | a planet's
        surface like jupiter | petrified wood | stone with gold lines | endpaper of an old book | a paperweight |
        michelangelo's stone | rock crystal bands | a cliff with strata"""
    ),
    "embers": phrases(
        """the fire pit after the party | a wood fire's sparks | a burning log | a match that has just gone out | a
        stove | sparks over a chimney | a blast furnace | hot iron being hit | a burning field at night | lanterns
        flying up | bits of fire in the air | wildfire at night | dragon's breath | sparkling fire dust | glowing
        specks that rise | a torch parade's sparks | hot ash from a volcano | coals on a grill | a phoenix | burnt
        paper floating up | hell | fire rain | fireworks glow falling | a candle's sparks | swarms of glowing specks
        | smouldering wood | flying fire | a pile of hot coals | pixie dust that glows | burning leaves"""
    ),
    "clouds": phrases(
        """the sky above the weather | a view from an airplane window | a grey november sky | fog over a lake | the
        top of a mountain in mist | whipped cream in the sky | steam from a kettle | a dust storm | thunder weather
        | sky with sheep clouds | cirrus | stratus | weather | an angel's home | the atmosphere | a pillow in the
        sky | dry ice fog | a london pea souper | a spring sky | rain clouds | a sandstorm sky | evening sky | the
        golden gate in fog | a veil of mist | vapor | floating cotton | a monsoon sky | breath in the cold | fog
        machine | soft white puffs in the blue"""
    ),
    "waves": phrases(
        """the mediterranean | the shore | a pond with rings | a ship's view | the water of a fjord | sea with spray
        | a surfer's dream | a bay | a boat ride | a wavy landscape of water | layered sea like cut paper | a
        japanese print of the sea | hills of water | high seas | a tsunami | the sound of the beach | a bathtub's
        waves | an undulating pattern of layers | low tide | a lagoon's surface | rowing on the lake | the atlantic
        | a rolling sea | rippled water | stripes like waves | sea foam | the indian ocean at dusk | flood | a wave
        machine | a seascape"""
    ),
    "confetti": phrases(
        """a wedding exit | a graduation party | we won the match | paper snips | a goal celebration | a kids' party
        | hole punch dots in the air | coloured paper rain | coloured squares falling | a gender reveal | rice and
        paper at the church door | jubilee | surprise party | falling foil pieces | paper hearts thrown | cheering
        crowd with paper | a winner's shower | colourful snippets | tinsel bits | bright paper dots | a party popper
        | happy birthday | carnival in rio | cologne carnival | gift wrap bits | paper leaves tumbling | a product
        launch party | hundreds and thousands | let's celebrate | a piece of paper rain"""
    ),
    "neon": phrases(
        """a grid like in an old sci-fi film | cyberspace | inside a computer | miami vice | an eighties music video
        | a glowing chessboard of lines | blade runner | led strips | a laser tag hall | a bar sign glowing | a
        holodeck | a driving game from 1985 | data highway | lines of light in perspective | a futuristic city map |
        circuit board glow | light mesh | retro computer landscape | virtual reality grid | ultraviolet club lines |
        an led floor | lines that glow in the dark | a spaceship's display | digital net | fluorescent lines | a
        glowing net on black | pixel grid | electro party background | a bowling alley with black light | daft
        punk's pyramid"""
    ),
}
